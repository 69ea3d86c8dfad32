//! Shows step 1 to a class.
//!
//!     cargo run -p solution-01-database -- --pause

use std::error::Error;

use diesel::prelude::*;
use gates::demo::Demo;
use gates::{Database, bad_urls, read_setup_sql, rows, shown};
use groundwork::{Db, dotenv};

use solution_01_database::{DOTENV, SETUP_SQL, connect};

const VERSION: &str = if cfg!(feature = "postgres") { "version()" } else { "sqlite_version()" };

fn main() {
    let mut demo = Demo::new("Lesson 1: a database and a connection");

    demo.part("A role, and a database that it owns");
    demo.file("setup.sql", SETUP_SQL);
    demo.text("makes", &read_setup_sql(SETUP_SQL));
    #[cfg(feature = "postgres")]
    {
        let server = gates::SetUpServer::after(SETUP_SQL);
        demo.text("signs in", &server.sign_in("book_user", "password", "book_database"));
        demo.text("does not", &server.sign_in("book_user", "passw0rd", "book_database"));
    }

    demo.part("Where the database is");
    demo.python("SQLALCHEMY_DATABASE_URI = os.environ.get(\"DATABASE_URL\")");
    demo.file(".env.example", DOTENV);
    demo.text("yours", &version_of_yours().unwrap_or_else(|error| error.to_string()));

    demo.part("Connect");
    demo.python("db = SQLAlchemy()\ndb.init_app(app)");
    let shop = Database::with(
        "CREATE TABLE books (title TEXT); INSERT INTO books VALUES ('Alice in Wonderland'), ('a primer');",
    );
    demo.say("A connection of Diesel's own, and the titles that are like 'a%':");
    let mut plain = Db::establish(shop.url()).expect("the demo's database is there");
    demo.rust(shown!(rows(&mut plain, "title", "books WHERE title LIKE 'a%'")), &shop);
    demo.say("The same on a connection that `connect` has prepared:");
    let mut conn = shop.connect(connect);
    demo.rust(shown!(rows(&mut conn, "title", "books WHERE title LIKE 'a%'")), &shop);

    demo.part("What a bad URL gets");
    for (what, url) in bad_urls("Rosebud") {
        demo.say(what);
        demo.text("error", &connect(&url).err().map(|error| error.to_string()).unwrap_or_default());
    }
}

/// What the database in your own settings reports about itself.
fn version_of_yours() -> Result<String, Box<dyn Error>> {
    let mut settings = dotenv::read(&dotenv::path())?;
    settings.extend(dotenv::variables());
    let Some(url) = settings.get("DATABASE_URL") else { return Ok("DATABASE_URL is not set.".to_owned()) };
    Ok(rows(&mut connect(url)?, VERSION, "(SELECT 1) AS one"))
}
