"""A FHIR server as a hospital has it: Medplum's router behind sign-in, with a CapabilityStatement of its own, and every
way in which such a server fails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.connectors.fhir_rest import FhirServer
from lamplighter.connectors.smart_backend import BackendServices, SigningKey
from tests.channels.web.stage import served
from tests.fhir.authorities import P384, Authorities
from tests.fhir.router import emptied

KEY = SigningKey.read(P384)
PLAIN: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": 120}  # nothing here is encrypted
PASSED_ON = ("content-type", "if-none-exist", "if-match", "accept")


@dataclass
class Hospital:
    """`creates` are what the CapabilityStatement lets us create. `down` answers so many times that it is busy;
    `loses` takes so many writings and answers none; `pages` gives one entry a page, and that of the page before
    once more, and no total; `ignores` are what it does not know how to search by."""

    router: str
    creates: tuple[str, ...] = ()
    down: int = 0
    loses: int = 0
    pages: bool = False
    broken: bool = False
    ignores: tuple[str, ...] = ()
    leads_away: bool = False
    address: str = ""
    asked: list[str] = field(default_factory=list)
    authorities: Authorities = field(default_factory=lambda: Authorities(KEY.jwks()))

    def put(self, **resource: Any) -> str:
        """As whoever works there writes it; its name."""
        made = httpx.post(f"{self.router}/{resource['resourceType']}", json=resource, **PLAIN)
        assert made.status_code == 201, made.text
        return f"{resource['resourceType']}/{made.json()['id']}"

    def patient(self, family: str = "Lindqvist", given: str = "Anna", **more: Any) -> str:
        name = [{"family": family, "given": given.split()}]
        return self.put(**{"resourceType": "Patient", "name": name, "birthDate": "1988-04-12", **more})

    def all(self, kind: str) -> list[dict[str, Any]]:
        found = httpx.get(f"{self.router}/{kind}?_count=100", **PLAIN).json()
        return [each["resource"] for each in found.get("entry", [])]

    def change(self, resource: dict[str, Any], **more: Any) -> None:
        where = f"{self.router}/{resource['resourceType']}/{resource['id']}"
        httpx.put(where, json={**resource, **more}, **PLAIN).raise_for_status()

    def server(self, clock: Any) -> FhirServer:
        keys = BackendServices(f"{self.address}/token", "desk", KEY, "system/*.crus", clock)
        return FhirServer(f"{self.address}/fhir", keys)

    # -- as a server ---------------------------------------------------------------------------------------------------

    async def metadata(self, request: Request) -> Response:
        kinds = {
            "Patient": ["read", "search-type"],
            **{kind: ["create", "search-type"] for kind in self.creates},
        }
        told = [
            {"type": kind, "interaction": [{"code": code} for code in codes]} for kind, codes in kinds.items()
        ]
        return JSONResponse(
            {"resourceType": "CapabilityStatement", "rest": [{"mode": "server", "resource": told}]}
        )

    async def fhir(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path_params['path']}")
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.authorities.good:
            return Response(status_code=401)
        if self.down:
            self.down -= 1
            return Response(status_code=503)
        if self.broken:
            return Response("<html>", media_type="text/html")
        found = await self._passed_on(request)
        if request.method == "POST" and self.loses:
            self.loses -= 1
            return Response(status_code=502)
        if request.method == "GET" and (self.pages or self.leads_away):
            return self._page(request, found.json())
        return Response(found.content, found.status_code, media_type="application/fhir+json")

    async def _passed_on(self, request: Request) -> httpx.Response:
        query = [
            pair for pair in request.query_params.multi_items() if pair[0] not in ("page", *self.ignores)
        ]
        where = httpx.URL(f"{self.router}/{request.path_params['path']}", params=query)
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        async with httpx.AsyncClient(**PLAIN) as client:
            return await client.request(request.method, where, content=await request.body(), headers=headers)

    def _page(self, request: Request, told: dict[str, Any]) -> Response:
        entries, number = told.get("entry", []), int(request.query_params.get("page", "0"))
        if told.get("resourceType") == "Bundle":
            told = {**told, "entry": entries[max(0, number - 1) : number + 1]}
            del told["total"]
            if number + 1 < len(entries) or self.leads_away:
                home = "https://elsewhere.example/fhir" if self.leads_away else str(request.url)
                url = str(httpx.URL(home).copy_merge_params({"page": number + 1}))
                told["link"] = [{"relation": "next", "url": url}]
        return Response(json.dumps(told), media_type="application/fhir+json")


@contextmanager
def opened(router: str, **how: Any) -> Iterator[Hospital]:
    emptied(router)
    hospital = Hospital(router, **how)
    routes = [
        Route("/token", hospital.authorities.token, methods=["POST"]),
        Route("/fhir/metadata", hospital.metadata),
        Route("/fhir/{path:path}", hospital.fhir, methods=["GET", "POST", "PUT"]),
    ]
    with served(Starlette(routes=routes)) as address:
        hospital.address = address
        yield hospital
