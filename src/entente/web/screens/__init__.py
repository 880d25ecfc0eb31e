"""The table of all routes, screen by screen. What is not here does not exist."""

from entente.web.routes import Route
from entente.web.screens import (
    accesses,
    account,
    agreements,
    desk,
    findings,
    home,
    imports,
    ledger,
    notices,
    partners,
    people,
    records,
    sign_in,
)

ROUTES: tuple[Route, ...] = (
    *sign_in.ROUTES,
    *account.ROUTES,
    *home.ROUTES,
    *records.ROUTES,
    *imports.ROUTES,
    *findings.ROUTES,
    *notices.ROUTES,
    *desk.ROUTES,
    *partners.ROUTES,
    *agreements.ROUTES,
    *ledger.ROUTES,
    *people.ROUTES,
    *accesses.ROUTES,
)
