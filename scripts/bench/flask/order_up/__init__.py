"""Order Up in Flask: the app factory."""

from flask import Flask
from flask_login import LoginManager

from . import orders, session
from .models import Employee, db

login = LoginManager()
login.login_view = "session.sign_in"


@login.user_loader
def load_employee(id):
    return db.session.get(Employee, int(id))


def create_app():
    """The settings are variables: FLASK_SECRET_KEY and FLASK_SQLALCHEMY_DATABASE_URI."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///order_up.db",
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.config.from_prefixed_env()

    db.init_app(app)
    login.init_app(app)
    app.register_blueprint(session.bp)
    app.register_blueprint(orders.bp)

    @app.template_filter()
    def dollars(amount):
        return f"${amount:.2f}"

    return app
