"""Makes the tables, and a restaurant in them; with numbers, orders too.

    python seed.py --open 6 --lines 3 --closed 1000
"""

import argparse
from itertools import cycle, islice

from order_up import create_app
from order_up.models import Employee, Menu, MenuItem, MenuItemType, Order, OrderDetail, Table, db

parser = argparse.ArgumentParser()
parser.add_argument("--open", type=int, default=0, help="open orders of Margot's, each at a table")
parser.add_argument("--lines", type=int, default=3, help="lines of each order")
parser.add_argument("--closed", type=int, default=0, help="closed orders of Margot's")
args = parser.parse_args()

with create_app().app_context():
    db.create_all()
    if db.session.scalar(db.select(Employee)):
        parser.exit(1, "There are employees already, so nothing was added.\n")

    margot = Employee(name="Margot", employee_number=1234, password="password")
    robin = Employee(name="Robin", employee_number=2345, password="password")
    sam = Employee(name="Sam", employee_number=3456, password="password")

    beverages = MenuItemType(name="Beverages")
    entrees = MenuItemType(name="Entrees")
    sides = MenuItemType(name="Sides")
    dinner = Menu(name="Dinner")
    items = [
        MenuItem(name="Dr. Pepper", price=1.00, type=beverages, menu=dinner),
        MenuItem(name="Jambalaya", price=21.98, type=entrees, menu=dinner),
        MenuItem(name="French fries", price=3.50, type=sides, menu=dinner),
    ]

    capacities = [2, 2, 4, 4, 4, 4, 6, 6, 8, 10]
    tables = [Table(number=number, capacity=seats) for number, seats in enumerate(capacities, 1)]
    if args.open > len(tables):
        parser.error(f"there are {len(tables)} tables, and an open order takes one")

    def order(table, finished):
        details = [OrderDetail(menu_item=item) for item in islice(cycle(items), args.lines)]
        return Order(employee=margot, table=table, finished=finished, details=details)

    db.session.add_all([margot, robin, sam, *items, *tables])
    for table in islice(cycle(tables), args.closed):
        db.session.add(order(table, finished=True))
    for table in tables[: args.open]:
        db.session.add(order(table, finished=False))
    db.session.commit()
