//! What the board costs, [P6].

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use gates::{Browser, Database, Db};
use groundwork::order_up::Dish;
use groundwork::{connect, read};
use order_up::Restaurant;
use order_up::schema::tables;

use crate::Open;
use crate::restaurant::{add, assign};

/// The demo's restaurant with 100 tables, at so many of which guests sit.
fn with_orders(orders: usize) -> (Open, Browser) {
    let mut restaurant = Restaurant::demo();
    let seats = restaurant.tables[0].clone();
    restaurant.tables =
        (1..=100).map(|number| groundwork::order_up::Seats { number, ..seats.clone() }).collect();
    let mut open = Open::with(&restaurant);
    let orders = format!(
        "INSERT INTO orders (employee_id, table_id, opened_at, changed_at)
         SELECT 1 + id % 3, id, 0, 0 FROM tables WHERE number <= {orders};
         INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity)
         SELECT orders.id, menu_items.id, menu_items.name, price_cents, 2 FROM orders CROSS JOIN menu_items"
    );
    open.database.conn().batch_execute(&orders).expect("the orders fit into the tables");
    let mut margot = open.margot();
    // A session is refreshed once in five minutes, which is not part of the board.
    margot.get("/account");
    (open, margot)
}

/// The statements that a page costs, without where a transaction begins and ends.
fn cost(database: &Database, browser: &mut Browser, page: &str) -> Vec<String> {
    let before = database.statements().len();
    assert_eq!(browser.get(page).status, 200);
    let mut statements = database.statements().split_off(before);
    statements.retain(|statement| !statement.starts_with("BEGIN") && statement != "COMMIT");
    statements
}

#[test]
fn p6_a_hundred_open_orders_take_as_many_queries_as_one() {
    for page in ["/?all", "/"] {
        let counts = [1, 100].map(|orders| {
            let (open, mut margot) = with_orders(orders);
            cost(&open.database, &mut margot, page).len()
        });
        assert_eq!(counts[0], counts[1], "{page}");
        assert!((3..=6).contains(&counts[0]), "{page}: {counts:?}");
    }
}

#[test]
fn p6_the_board_takes_one_extra_write_every_five_minutes() {
    let open = Open::new();
    let mut margot = open.margot();
    for (waited, expected) in [(0, (6, 0)), (299, (6, 0)), (1, (6, 1)), (299, (6, 0))] {
        open.wait(waited);
        let statements = cost(&open.database, &mut margot, "/");
        let writes = statements.iter().filter(|it| !it.starts_with("SELECT")).count();
        assert_eq!((statements.len() - writes, writes), expected, "{statements:#?}");
    }
}

#[test]
fn p6_all_the_orders_are_on_the_board() {
    let (_open, mut margot) = with_orders(100);
    assert_eq!(margot.get("/?all").all(".ticket .total"), ["$52.96"; 100]);
    assert_eq!(margot.get("/").all(".ticket .total").len(), 33);
}

/// Ten years of a small restaurant.
const HISTORY: &str = "
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 100000)
    INSERT INTO orders (employee_id, table_id, opened_at, changed_at, closed_at)
    SELECT 1 + n % 3, 1 + n % 10, n * 3000, n * 3000, n * 3000 + 60 FROM counted;
    INSERT INTO order_details (order_id, menu_item_id, name, price_cents, quantity)
    SELECT orders.id, menu_items.id, menu_items.name, price_cents, 1
    FROM orders JOIN menu_items ON menu_items.id <= 2;
    ANALYZE";

#[derive(QueryableByName)]
struct Step {
    #[cfg_attr(not(feature = "postgres"), diesel(sql_type = Text, column_name = "detail"))]
    #[cfg_attr(feature = "postgres", diesel(sql_type = Text, column_name = "QUERY PLAN"))]
    text: String,
}

/// How the database goes about a statement, one step a line. Values that are bound are not known to
/// it yet, as when a prepared statement is used again.
#[cfg(not(feature = "postgres"))]
fn plan(conn: &mut Db, statement: &str) -> String {
    let steps = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn);
    lines(&steps.unwrap_or_else(|error| panic!("{statement}: {error}")))
}

#[cfg(feature = "postgres")]
fn plan(conn: &mut Db, statement: &str) -> String {
    let count = (1..).take_while(|place| statement.contains(&format!("${place}"))).count();
    let values = if count == 0 { String::new() } else { format!("({})", vec!["NULL"; count].join(", ")) };
    let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE board AS {statement}");
    conn.batch_execute(&prepare).unwrap_or_else(|error| panic!("{statement}: {error}"));
    let steps = diesel::sql_query(format!("EXPLAIN EXECUTE board {values}")).load(conn);
    let plan = lines(&steps.unwrap_or_else(|error| panic!("{statement}: {error}")));
    conn.batch_execute("DEALLOCATE board").expect("it was prepared");
    plan
}

fn lines(steps: &[Step]) -> String {
    steps.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// The steps that read all there is of `orders` or `order_details`. The index of the open orders alone
/// holds no more than there are tables.
fn scans(plan: &str) -> Vec<&str> {
    let is_large = |step: &&str| step.contains("orders") || step.contains("order_details");
    let is_scan = |step: &&str| step.contains("Seq Scan on") || step.trim_start().starts_with("SCAN");
    plan.lines().filter(is_large).filter(is_scan).filter(|step| !step.contains("orders_open")).collect()
}

#[test]
fn p6_a_full_table_scan_is_detected() {
    let mut open = Open::new();
    open.database.conn().batch_execute(HISTORY).expect("the history fits into the tables");
    for statement in ["SELECT * FROM orders", "SELECT * FROM order_details WHERE quantity = 1"] {
        let plan = plan(open.database.conn(), statement);
        assert_eq!(scans(&plan).len(), 1, "{plan}");
    }
}

#[test]
fn p6_ten_years_of_history_are_not_read_for_the_board_or_for_one_day() {
    let mut open = Open::new();
    open.database.conn().batch_execute(HISTORY).expect("the history fits into the tables");
    let mut margot = open.margot();
    assign(&mut margot, "Table 4", "Margot");
    add(&mut margot, "Table 4", &["Jambalaya"]);
    for page in [
        "/",
        "/?all",
        "/tonight",
        "/kitchen",
        "/orders/1",
        "/history?day=1975-06-01",
        "/report?day=1975-06-01",
    ] {
        let statements = cost(&open.database, &mut margot, page);
        assert!(statements.iter().any(|statement| statement.contains("order_details")), "{page}");
        for statement in &statements {
            let (statement, _values) = statement.split_once(" -- binds:").expect("the log shows the values");
            let plan = plan(open.database.conn(), statement);
            assert_eq!(scans(&plan), Vec::<&str>::new(), "{page}: {statement}\n{plan}");
        }
    }
}

#[test]
fn the_queries_of_a_board_read_one_snapshot() {
    let mut open = Open::new();
    let count = |conn: &mut Db| tables::table.count().get_result::<i64>(conn);
    let mut conn = connect(open.database.url()).expect("the database is there");
    let seen = read(&mut conn, |conn| {
        let before = count(conn)?;
        open.database.run("DELETE FROM tables");
        QueryResult::Ok((before, count(conn)?))
    });
    assert_eq!(seen, Ok((10, 10)));
    assert_eq!(count(&mut conn), Ok(0));
}

/// On both databases alike, and however a name is written.
#[test]
fn names_are_listed_alphabetically() {
    let mut restaurant = Restaurant::demo();
    let names = ["Zucchini", "apple pie", "Éclair", "eggs", "Banana split", "Crème brûlée"];
    let template = restaurant.menu[0].clone();
    restaurant.menu =
        names.iter().map(|name| Dish { name: (*name).to_owned(), ..template.clone() }).collect();
    restaurant.menu[0].kind = "antipasti".to_owned();
    for (person, name) in restaurant.employees.iter_mut().zip(["émile", "Zoë", "Eva"]) {
        person.name = name.to_owned();
    }
    let open = Open::with(&restaurant);
    let mut margot = open.margot();
    let board = margot.get("/");
    let dishes = ["Zucchini", "apple pie", "Banana split", "Crème brûlée", "Éclair", "eggs"];
    assert_eq!(board.all(".item label span:first-of-type"), dishes);
    assert_eq!(board.all("legend"), ["antipasti", &template.kind]);
    let servers = ["émile", "Eva", "Zoë"];
    assert_eq!(board.form("Assign table").options("Server"), servers);
    let menu = margot.get("/menu");
    assert_eq!(menu.all("td.name a"), dishes);
    assert_eq!(menu.all("caption").len(), 2);
    let employees = margot.get("/employees").all("td.name");
    assert_eq!(employees[..3], servers);
}
