"""The board, and what is done on it: assign a table, add items, close."""

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user, login_required
from sqlalchemy.orm import contains_eager, selectinload

from .forms import AddItemsForm, AssignTableForm, EmptyForm
from .models import Employee, MenuItem, MenuItemType, Order, OrderDetail, Table, db

bp = Blueprint("orders", __name__)


def assign_form():
    """Open tables and all employees, to choose from."""
    form = AssignTableForm()
    is_taken = Table.orders.any(Order.finished.is_(False))
    tables = db.session.scalars(db.select(Table).where(~is_taken).order_by(Table.number))
    employees = db.session.scalars(db.select(Employee).order_by(Employee.name))
    form.table_id.choices = [
        (table.id, f"Table {table.number} · seats {table.capacity}") for table in tables
    ]
    form.employee_id.choices = [(employee.id, employee.name) for employee in employees]
    return form


def menu():
    """All items, by type and name."""
    return db.session.scalars(
        db.select(MenuItem)
        .join(MenuItem.type)
        .options(contains_eager(MenuItem.type))
        .order_by(MenuItemType.name, MenuItem.name)
    ).all()


def my_open_order(id):
    order = db.get_or_404(Order, id)
    if order.employee_id != current_user.id:
        abort(403)
    if order.finished:
        abort(409)
    return order


@bp.get("/")
@login_required
def index():
    orders = db.session.scalars(
        db.select(Order)
        .join(Order.table)
        .where(Order.employee_id == current_user.id, Order.finished.is_(False))
        .order_by(Table.number)
        .options(
            contains_eager(Order.table),
            selectinload(Order.details).joinedload(OrderDetail.menu_item),
        )
    ).all()
    assign = assign_form()
    assign.employee_id.data = current_user.id
    sections = groupby(menu(), key=lambda item: item.type.name)
    return render_template("board.html", orders=orders, assign=assign, form=EmptyForm(), sections=sections)


@bp.post("/orders")
@login_required
def assign():
    form = assign_form()
    if form.validate_on_submit():
        db.session.add(Order(employee_id=form.employee_id.data, table_id=form.table_id.data))
        db.session.commit()
    else:
        flash("The table was not assigned. Choose one that is open.")
    return redirect(url_for(".index"))


@bp.post("/orders/<int:id>/items")
@login_required
def add(id):
    order = my_open_order(id)
    form = AddItemsForm()
    form.menu_item_ids.choices = [(item.id, item.name) for item in menu()]
    if form.validate_on_submit():
        db.session.add_all(
            OrderDetail(order_id=order.id, menu_item_id=menu_item_id)
            for menu_item_id in form.menu_item_ids.data
        )
        db.session.commit()
    else:
        flash("Check something on the menu first, then add it to an order.")
    return redirect(url_for(".index"))


@bp.post("/orders/<int:id>/close")
@login_required
def close(id):
    order = my_open_order(id)
    if EmptyForm().validate_on_submit():
        order.finished = True
        db.session.commit()
    return redirect(url_for(".index"))
