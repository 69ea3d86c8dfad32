"""Signing in and out."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user, login_required, login_user, logout_user

from .forms import EmptyForm, SignInForm
from .models import Employee, db

bp = Blueprint("session", __name__, url_prefix="/session")


@bp.route("/", methods=["GET", "POST"])
def sign_in():
    if current_user.is_authenticated:
        return redirect(url_for("orders.index"))
    form = SignInForm()
    if form.validate_on_submit():
        number = form.employee_number.data
        employee = db.session.scalar(db.select(Employee).filter_by(employee_number=number))
        if employee is not None and employee.check_password(form.password.data):
            login_user(employee)
            return redirect(url_for("orders.index"))
        form.password.errors = ["The employee number or the password is wrong."]
    return render_template("sign_in.html", form=form)


@bp.post("/logout")
@login_required
def sign_out():
    if EmptyForm().validate_on_submit():
        logout_user()
    return redirect(url_for(".sign_in"))
