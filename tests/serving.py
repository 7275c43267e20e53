"""A server on loopback that ends as soon as it is told to: uvicorn looks ten times a second whether it is."""

import asyncio

import uvicorn


class PromptServer(uvicorn.Server):
    async def main_loop(self) -> None:
        looks = 0
        while not await self.on_tick(looks):
            looks += 1
            await asyncio.sleep(0.01)
