"""A FHIR R4 server over HTTP, as far as we need one: read, search page by page, create once. Resources are plain dicts,
read with care: another system writes them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

import httpx

from lamplighter.connectors.clearinghouse.asking_over_http import Came, Deadline, asked
from lamplighter.desk.ports.clearinghouse import Refused, Why

Resource = Mapping[str, Any]
JSON: Final = "application/fhir+json"
PAGE, MOST_PAGES = 50, 20


class NoAnswer(Exception):
    """Why the server could not do it: UNREACHABLE, NOT_ALLOWED, UNREADABLE, or ASKED_WRONGLY where it refused what we
    sent. Caught where a port begins."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class Keys(Protocol):
    def header(self, client: httpx.Client, deadline: Deadline) -> str | Refused: ...

    def forget(self) -> None:
        """What was given is not good any more."""


@dataclass(frozen=True, slots=True)
class FhirServer:
    """`base` is the address that resources stand under."""

    base: str
    keys: Keys = field(repr=False)

    @contextmanager
    def session(self, deadline: float) -> Iterator["Session"]:
        """For all that is asked in it; `deadline` in seconds."""
        timeout = httpx.Timeout(deadline)
        with Deadline(deadline) as until, httpx.Client(timeout=timeout, trust_env=False) as client:
            yield Session(self.base.rstrip("/"), self.keys, client, until)


@dataclass(frozen=True, slots=True)
class Session:
    """Everything here raises NoAnswer."""

    base: str
    keys: Keys = field(repr=False)
    client: httpx.Client = field(repr=False)
    until: Deadline = field(repr=False)

    def takes(self) -> dict[str, frozenset[str]]:
        """What may be done with which resource, as the server's CapabilityStatement says."""
        told = self._object(self._send("GET", "/metadata"))
        found = [each for rest in objects(told.get("rest")) for each in objects(rest.get("resource"))]
        return {
            str(each.get("type")): frozenset(str(one.get("code")) for one in objects(each.get("interaction")))
            for each in found
        }

    def read(self, reference: str) -> Resource | None:
        """`reference` as in "Patient/12"; None where there is nothing (any more)."""
        came = self._send("GET", f"/{reference}", may_be=(404, 410))
        return None if came.status in (404, 410) else self._object(came)

    def bytes_of(self, reference: str) -> bytes | None:
        """What a Binary holds."""
        came = self._send("GET", f"/{reference}", may_be=(404, 410), accept="*/*")
        return None if came.status in (404, 410) else came.body

    def search(self, kind: str, *params: tuple[str, str], most: int = MOST_PAGES) -> tuple[Resource, ...]:
        """All that fits, page by page, each once; of the pages only those of this server are followed."""
        query = httpx.QueryParams([*params, ("_count", str(PAGE))])
        where: str | None = f"/{kind}?{query}"
        found: dict[str, Resource] = {}
        for _ in range(most):
            bundle = self._object(self._send("GET", where))
            found |= {reference(each): each for each in _entries(bundle) if each.get("resourceType") == kind}
            where = self._next(bundle)
            if where is None:
                if _promises_more(bundle, len(found)):
                    break
                return tuple(found.values())
        raise NoAnswer(Why.UNREADABLE)

    def operation(self, where: str, body: Resource) -> Resource:
        """What an operation gives back; `where` as in "/Claim/$submit"."""
        return self._object(self._send("POST", where, body))

    def create(self, resource: Resource) -> Resource:
        """Once, however often: its first identifier is what makes it the same one. As the server then has it."""
        kind, name = str(resource["resourceType"]), identifier_of(resource)
        return self.found(kind, name) or self._create(kind, name, resource)

    def found(self, kind: str, name: str) -> Resource | None:
        """The one of this identifier ("system|value"). Raises NoAnswer where there are several."""
        known = [each for each in self.search(kind, ("identifier", name)) if name in identifiers(each)]
        if len(known) > 1:
            raise NoAnswer(Why.ASKED_WRONGLY)
        return self.read(reference(known[0])) if known else None

    def _create(self, kind: str, name: str, resource: Resource) -> Resource:
        only_once = {"If-None-Exist": str(httpx.QueryParams([("identifier", name)]))}
        self._send("POST", f"/{kind}", resource, headers=only_once)
        made = self.found(kind, name)
        if made is None:
            raise NoAnswer(Why.UNREADABLE)
        return made

    def replace(self, resource: Resource) -> Resource:
        """In place of what the server has under its id, and only if nobody has changed that since it was read."""
        version = str(mapping(resource.get("meta")).get("versionId") or "")
        if_still = {"If-Match": f'W/"{version}"'} if version else {}
        self._send("PUT", f"/{reference(resource)}", resource, headers=if_still)
        held = self.read(reference(resource))
        if held is None:
            raise NoAnswer(Why.UNREADABLE)
        return held

    def _next(self, bundle: Resource) -> str | None:
        link = next((each for each in objects(bundle.get("link")) if each.get("relation") == "next"), None)
        url = words(link.get("url")) if link is not None else ""
        return urljoin(f"{self.base}/", url) if url else None

    def _address(self, where: str) -> str:
        """On this server, whatever a link of its says: our token goes nowhere else."""
        if where.startswith("/"):
            return self.base + where
        full, home = urlsplit(where), urlsplit(self.base)
        if (full.scheme, full.netloc) != (home.scheme, home.netloc):
            raise NoAnswer(Why.UNREADABLE)
        return where

    def _send(
        self,
        method: str,
        where: str | None,
        body: Resource | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        may_be: Sequence[int] = (),
        accept: str = JSON,
    ) -> Came:
        """A token that is refused is got anew, once."""
        for last in (False, True):
            came = self._once(method, where or "", body, headers or {}, accept)
            refused = isinstance(came, Refused) and came.why is Why.NOT_ALLOWED
            if not refused or last:
                break
            self.keys.forget()
        if isinstance(came, Refused):
            raise NoAnswer(came.why)
        if came.status >= 300 and came.status not in may_be:
            raise NoAnswer(Why.ASKED_WRONGLY)
        return came

    def _once(
        self, method: str, where: str, body: Resource | None, headers: Mapping[str, str], accept: str
    ) -> Came | Refused:
        key = self.keys.header(self.client, self.until)
        if isinstance(key, Refused):
            return key
        sent = {"Authorization": key, "Accept": accept, **headers}
        content = None if body is None else json.dumps(body, default=float).encode()
        if content is not None:
            sent["Content-Type"] = JSON
        request = self.client.build_request(method, self._address(where), content=content, headers=sent)
        return asked(self.client, request, self.until)

    def _object(self, came: Came) -> Resource:
        try:
            told = json.loads(came.body, parse_float=Decimal)
        except ValueError as wrong:
            raise NoAnswer(Why.UNREADABLE) from wrong
        if not isinstance(told, dict):
            raise NoAnswer(Why.UNREADABLE)
        return told


# -- reading with care -------------------------------------------------------------------------------------------------


def objects(value: object) -> list[Resource]:
    """Those of a list that are objects; whatever else stands there is none."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def mapping(value: object) -> Resource:
    return value if isinstance(value, dict) else {}


def words(value: object) -> str:
    return value if isinstance(value, str) else ""


def identifier_of(resource: Resource) -> str:
    return next(iter(identifiers(resource)))


def identifiers(resource: Resource) -> list[str]:
    return [f"{each.get('system')}|{each.get('value')}" for each in objects(resource.get("identifier"))]


def reference(resource: Resource) -> str:
    kind, name = words(resource.get("resourceType")), words(resource.get("id"))
    if not kind or not name:
        raise NoAnswer(Why.UNREADABLE)
    return f"{kind}/{name}"


def _entries(bundle: Resource) -> Iterator[Resource]:
    if bundle.get("resourceType") != "Bundle":
        raise NoAnswer(Why.UNREADABLE)
    for entry in objects(bundle.get("entry")):
        if mapping(entry.get("search")).get("mode", "match") == "match":
            yield mapping(entry.get("resource"))


def _promises_more(bundle: Resource, found: int) -> bool:
    """It counts more than it gave, and has no further page."""
    total = bundle.get("total")
    return isinstance(total, int) and total > found
