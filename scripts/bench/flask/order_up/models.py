"""The tables, and the relationships between them in both directions."""

from flask_login import UserMixin
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from werkzeug.security import check_password_hash, generate_password_hash


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Employee(db.Model, UserMixin):
    __tablename__ = "employees"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    employee_number: Mapped[int] = mapped_column(unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))

    orders: Mapped[list["Order"]] = relationship(back_populates="employee")

    @property
    def password(self):
        raise AttributeError("a password cannot be read, only checked")

    @password.setter
    def password(self, password):
        self.hashed_password = generate_password_hash(password)

    def check_password(self, password):
        return check_password_hash(self.hashed_password, password)


class Menu(db.Model):
    __tablename__ = "menus"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))

    items: Mapped[list["MenuItem"]] = relationship(back_populates="menu")


class MenuItemType(db.Model):
    __tablename__ = "menu_item_types"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))

    items: Mapped[list["MenuItem"]] = relationship(back_populates="type")


class MenuItem(db.Model):
    __tablename__ = "menu_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    price: Mapped[float]
    menu_id: Mapped[int] = mapped_column(ForeignKey("menus.id"))
    menu_item_type_id: Mapped[int] = mapped_column(ForeignKey("menu_item_types.id"))

    menu: Mapped["Menu"] = relationship(back_populates="items")
    type: Mapped["MenuItemType"] = relationship(back_populates="items")


class Table(db.Model):
    __tablename__ = "tables"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    capacity: Mapped[int]

    orders: Mapped[list["Order"]] = relationship(back_populates="table")


class Order(db.Model):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employees.id"), index=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("tables.id"), index=True)
    finished: Mapped[bool] = mapped_column(default=False)

    employee: Mapped["Employee"] = relationship(back_populates="orders")
    table: Mapped["Table"] = relationship(back_populates="orders")
    details: Mapped[list["OrderDetail"]] = relationship(
        back_populates="order", order_by="OrderDetail.id"
    )

    @property
    def total(self):
        return sum(detail.menu_item.price for detail in self.details)


class OrderDetail(db.Model):
    """One item of an order; two of the same are two rows."""

    __tablename__ = "order_details"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    menu_item_id: Mapped[int] = mapped_column(ForeignKey("menu_items.id"))

    order: Mapped["Order"] = relationship(back_populates="details")
    menu_item: Mapped["MenuItem"] = relationship()
