"""The forms: what they ask for, and when an answer will do."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, SelectField, SelectMultipleField, SubmitField
from wtforms.validators import DataRequired


class SignInForm(FlaskForm):
    employee_number = IntegerField("Employee number", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    submit = SubmitField("Sign in")


class AssignTableForm(FlaskForm):
    table_id = SelectField("Table", coerce=int)
    employee_id = SelectField("Server", coerce=int)
    submit = SubmitField("Assign table")


class AddItemsForm(FlaskForm):
    menu_item_ids = SelectMultipleField("Menu", [DataRequired()], coerce=int)


class EmptyForm(FlaskForm):
    """A button, and the token that every form has."""
