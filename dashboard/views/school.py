"""Deelname: what the steering group sees, never about one person."""

from __future__ import annotations

from flask import Blueprint, render_template

from dashboard import school
from dashboard.accounts.roles import Role
from dashboard.accounts.rules import allows
from dashboard.parts import parts

pages = Blueprint("school", __name__)


@pages.get("/school")
@allows(Role.STEERING)
def overview() -> str:
    with parts().session() as session:
        figures = school.school(session)
    return render_template("school.html", school=figures, fewest=school.FEWEST_TEACHERS)
