//! The employees, for managers: add, change, set a password, retire and reinstate.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::App;
use crate::done::Done;
use crate::error::AppError;
use crate::form::Form;
use crate::id::Id;
use crate::kept::Kept;
use crate::models::employee::{self, Employee, EmployeeError, NewEmployee};
use crate::page::page;
use crate::role::Role;
use crate::security::form_token::FormToken;
use crate::security::signed_in::{Manager, Me};
use crate::submission::AfterRepeat;

pub fn router() -> Router<App> {
    Router::new()
        .route("/employees", get(show).post(create))
        .route("/employees/{id}", get(edit).post(update))
        .route("/employees/{id}/password", post(set_password))
        .route("/employees/{id}/retire", post(retire))
        .route("/employees/{id}/reinstate", post(reinstate))
}

#[derive(Template)]
#[template(path = "employees.html")]
struct EmployeesPage {
    me: Me,
    employees: Vec<Employee>,
    form: Form,
    notice: Option<String>,
}

#[derive(Template)]
#[template(path = "employee.html")]
struct EmployeePage {
    me: Me,
    employee: Employee,
    form: Form,
    notice: Option<String>,
}

async fn render_list(
    app: &App,
    me: Me,
    status: StatusCode,
    form: Form,
    notice: Option<String>,
) -> Result<Response, AppError> {
    let employees = app.pool.run(employee::all).await??;
    page(status, &EmployeesPage { me, employees, form, notice })
}

async fn render_one(
    app: &App,
    me: Me,
    status: StatusCode,
    id: i32,
    form: Option<Form>,
    notice: Option<String>,
) -> Result<Response, AppError> {
    let employee = app.pool.run(move |conn| employee::find(conn, id)).await??;
    let stored = || Form::filled([("name", employee.name.clone()), ("role", employee.role.to_string())]);
    let form = form.unwrap_or_else(stored);
    page(status, &EmployeePage { me, employee, form, notice })
}

async fn show(
    State(app): State<App>,
    Manager(me): Manager,
    after_repeat: AfterRepeat,
    kept: Kept,
) -> Result<Response, AppError> {
    let (form, still_here) = kept.take().unzip();
    let form = form.unwrap_or_else(|| Form::filled([("role", Role::Server.to_string())]));
    render_list(&app, me, StatusCode::OK, form, still_here.or(after_repeat.notice())).await
}

async fn edit(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    kept: Kept,
) -> Result<Response, AppError> {
    let (form, still_here) = kept.take().unzip();
    render_one(&app, me, StatusCode::OK, id, form, still_here).await
}

async fn create(
    State(app): State<App>,
    Manager(me): Manager,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let (name, number) = (form.text("name", 100), form.number("employee_number", 1..=999_999));
    let (role, password) = (form.choice("role", &Role::ALL), form.new_password("new_password"));
    let (Some(name), Some(number), Some(role), Some(password)) = (name, number, role, password) else {
        return render_list(&app, me, StatusCode::UNPROCESSABLE_ENTITY, form, None).await;
    };
    let hashed = app.passwords.hash(password).await?;
    let create = move |conn: &mut _| {
        let new = NewEmployee {
            name: &name,
            employee_number: number,
            hashed_password: &hashed,
            role,
            retired_at: None,
        };
        employee::create(conn, &new).map(drop)
    };
    match token.spend(&app, create).await? {
        Err(EmployeeError::NumberTaken) => {
            form.refuse("employee_number", "Another employee has or had this number.");
            render_list(&app, me, StatusCode::CONFLICT, form, None).await
        }
        created => Ok(created?.redirect_to("/employees", Done::Saved)),
    }
}

async fn update(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    let (Some(name), Some(role)) = (form.text("name", 100), form.choice("role", &Role::ALL)) else {
        return render_one(&app, me, StatusCode::UNPROCESSABLE_ENTITY, id, Some(form), None).await;
    };
    match token.spend(&app, move |conn| employee::update(conn, id, &name, role)).await? {
        Err(EmployeeError::LastManager) => {
            form.refuse("role", "There is no other manager. Make someone else a manager first.");
            render_one(&app, me, StatusCode::CONFLICT, id, Some(form), None).await
        }
        updated => Ok(updated?.redirect_to("/employees", Done::Saved)),
    }
}

async fn set_password(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
    mut form: Form,
) -> Result<Response, AppError> {
    // Somebody who finds a manager's tablet must not be able to keep the manager out.
    if id == me.employee.id {
        return render_one(&app, me, StatusCode::FORBIDDEN, id, None, Some(OWN_PASSWORD.to_owned())).await;
    }
    let Some(password) = form.new_password("new_password") else {
        let employee = app.pool.run(move |conn| employee::find(conn, id)).await??;
        // The other form of the page is as it was.
        form.set("name", &employee.name);
        form.set("role", employee.role.name());
        return render_one(&app, me, StatusCode::UNPROCESSABLE_ENTITY, id, Some(form), None).await;
    };
    let hashed = app.passwords.hash(password).await?;
    let set = token.spend(&app, move |conn| employee::set_password(conn, id, &hashed)).await??;
    Ok(set.redirect_to("/employees", Done::PasswordSet))
}

async fn retire(
    State(app): State<App>,
    Manager(me): Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let now = app.clock.now();
    match token.spend(&app, move |conn| employee::retire(conn, id, now)).await? {
        Err(EmployeeError::LastManager) => {
            let notice = "There is no other manager. Make someone else a manager first.".to_owned();
            render_one(&app, me, StatusCode::CONFLICT, id, None, Some(notice)).await
        }
        retired => Ok(retired?.redirect_to("/employees", Done::Retired)),
    }
}

async fn reinstate(
    State(app): State<App>,
    _: Manager,
    Id(id): Id,
    token: FormToken,
) -> Result<Response, AppError> {
    let reinstated = token.spend(&app, move |conn| employee::reinstate(conn, id)).await??;
    Ok(reinstated.redirect_to("/employees", Done::Reinstated))
}

const OWN_PASSWORD: &str =
    "Change your own password on your account page. You need your current password for that.";
