"""The pages, and the stream that keeps the live one alive."""

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlencode

import jinja2
from sqlalchemy.engine import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pulseblock_tools.errors import UserError
from pulseblock_tools.report.page import About, policy, render
from pulseblock_tools.report.strips import when
from pulseblock_tools.report.training import read_session, read_training
from pulseblock_tools.serve.hub import Hub
from pulseblock_tools.serve.view import LIMIT_DEG, TARGET_PCT, WEAK_PCT
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.listing import Wanted, find_session, list_sessions
from pulseblock_tools.store.options import wanted
from pulseblock_tools.store.people import list_wearers
from pulseblock_tools.store.wording import duration, local, share

_ASSETS = {"pages.css": "text/css", "live.js": "text/javascript"}
_REPORT_POLICY = f"{policy()}; frame-ancestors 'none'"


class Pages:
    """The pages over one database and one hub; *newtons* as in `report.page.About`."""

    def __init__(self, engine: Engine, hub: Hub, *, newtons: bool = False) -> None:
        self._engine = engine
        self._hub = hub
        self._newtons = newtons
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("pulseblock_tools.serve"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def app(self) -> Starlette:
        """The application; whoever serves it puts a `Guard` before it."""
        return Starlette(
            routes=[
                Route("/", self._live),
                Route("/events", self._events),
                Route("/sessions", self._sessions),
                Route("/sessions/{session}", self._session),
                Route("/report", self._report),
                *(Route(f"/{name}", self._asset) for name in _ASSETS),
            ],
            exception_handlers={UserError: _refuse},
        )

    def _live(self, _request: Request) -> Response:
        return self._page("live.html", target=TARGET_PCT, weak=WEAK_PCT, limit=LIMIT_DEG)

    def _asset(self, request: Request) -> Response:
        name = request.url.path.lstrip("/")
        assert self._templates.loader
        text, _, _ = self._templates.loader.get_source(self._templates, name)
        return Response(text, media_type=_ASSETS[name])

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        async for picture in self._hub.pictures():
            yield f"data: {picture}\n\n" if picture else ": alive\n\n"

    def _sessions(self, request: Request) -> Response:
        wearer = request.query_params.get("wearer") or None
        with reading(self._engine) as connection:
            found = list_sessions(connection, Wanted(wearer=wearer))
            names = [one.name for one in list_wearers(connection)]
        return self._page(
            "sessions.html",
            sessions=found[::-1],
            wearer=wearer,
            wearers=names,
            query=f"?{urlencode({'wearer': wearer})}" if wearer else "",
            local=local,
            duration=duration,
            share=share,
        )

    def _session(self, request: Request) -> Response:
        with reading(self._engine) as connection:
            session = find_session(connection, request.path_params["session"])
            trained = read_session(connection, session)
        about = self._about(f"Session {session.session}: {when(trained)}")
        return self._reported(render([trained], replace(about, one_session=True)))

    def _report(self, request: Request) -> Response:
        asked = request.query_params
        wearer = asked.get("wearer") or None
        with reading(self._engine) as connection:
            trainings = read_training(connection, wanted(asked.get("since") or None, None, wearer, None))
        return self._reported(render(trainings, self._about(wearer)))

    def _about(self, title: str | None) -> About:
        return About(title, newtons=self._newtons, back="/")

    def _reported(self, page: str) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": _REPORT_POLICY})

    def _page(self, name: str, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(name).render(**values))


def _refuse(_request: Request, problem: Exception) -> Response:
    return PlainTextResponse(f"{problem}\n", 400)
