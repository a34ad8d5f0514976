"""PyPI's mcp client (2.3) uses `flightsmith mcp` as an agent would: lists the tools, searches, mends, generates, flies again.

    mcp_client.py PROJECT COMMAND [ARGUMENT..]

COMMAND starts the server on its standard streams; PROJECT is a small Rust project that a machine-applicable suggestion mends.
Exits 0 when all of it was seen, else 1 with the reason.
"""
import asyncio
import os
import sys

from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

WALL_LIMIT_S = 300.0
WORDS = "Take off to 5 m, hover for 2 seconds and land"
TOOLS = {"generate", "compile_and_fix", "search_sdk", "simulate"}


class Failed(Exception):
    """What was expected and not seen."""


def expect(condition, what):
    if not condition:
        raise Failed(what)


async def call(session, tool, arguments, progress=None):
    """The typed output of a call that succeeds; the client itself holds it against the tool's output schema."""
    result = await session.call_tool(tool, arguments, progress_callback=progress)
    expect(not result.is_error, f"{tool} {arguments}: {result.content}")
    expect(result.structured_content is not None, f"{tool}: no structured output")
    return result.structured_content


async def session_of(project, command):
    # Without `env` the client passes on a few variables only, and the server would live in the user's home.
    server = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        expect(hello.server_info.name == "flightsmith", f"the server calls itself {hello.server_info.name}")

        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        expect(set(tools) == TOOLS, f"the tools are {sorted(tools)}")
        for tool in tools.values():
            expect(tool.description and tool.input_schema and tool.output_schema, f"{tool.name} lacks a description or a schema")

        found = await call(session, "search_sdk", {"query": "SET_POSITION_TARGET_LOCAL_NED", "scope": "mavlink", "limit": 3})
        expect(found["hits"][0]["excerpt"]["title"] == "SET_POSITION_TARGET_LOCAL_NED", f"search found {found}")
        found = await call(session, "search_sdk", {"query": "arm_and_take_off", "scope": "sdk"})
        titles = [hit["excerpt"]["title"] for hit in found["hits"]]
        expect(any("arm_and_take_off" in title for title in titles), f"search found {titles}")

        wrong = await session.call_tool("search_sdk", {"words": "x"})
        expect(wrong.is_error, f"unknown arguments are taken: {wrong}")
        nowhere = await session.call_tool("compile_and_fix", {"path": "/nowhere/at/all"})
        expect(nowhere.is_error and "/nowhere/at/all" in nowhere.content[0].text, f"a missing project: {nowhere}")

        mended = await call(session, "compile_and_fix", {"path": project})
        expect(mended["mended"] and mended["files"], f"the project was not mended: {mended}")

        refused = await call(session, "generate", {"words": "take off to 900 km and land", "flights": 1})
        expect(refused["verdict"] == "refused" and refused["reason"], f"an absurd height: {refused}")

        told = []

        async def progress(step, total, message):
            told.append((step, message))

        made = await call(session, "generate", {"words": WORDS, "flights": 1}, progress)
        expect(made["verdict"] == "verified", f"{WORDS}: {made['verdict']}: {made['reason']}")
        expect("pub async fn fly" in made["source"] and made["readback"], "no source or readback")
        steps = [step for step, _ in told]
        expect(len(told) >= 3 and steps == sorted(steps), f"progress was {told}")

        flown = await call(session, "simulate", {"run": made["run"], "flights": 2, "seed": 7})
        expect(flown["held"] and flown["flown"] == 2 and flown["passed"] == 2, f"flown again: {flown}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        asyncio.run(asyncio.wait_for(session_of(sys.argv[1], sys.argv[2:]), WALL_LIMIT_S))
    except TimeoutError:
        sys.exit(f"failed: {WALL_LIMIT_S:.0f} s of wall time are over")
    except BaseExceptionGroup as group:
        errors = [group]
        while isinstance(errors[0], BaseExceptionGroup):
            errors = list(errors[0].exceptions)
        sys.exit("failed: " + "; ".join(str(error) or repr(error) for error in errors))
    except Failed as error:
        sys.exit(f"failed: {error}")
    print("mcp: tools, schemas, search, mending, generating, flying again")


if __name__ == "__main__":
    main()
