//! Settings: what is missing or wrong is named, and secrets do not show.

use gates::Dotenv;
use order_up::Config;

const KEY: &str = "0123456789012345678901234567890123456789012345678901234567890123";

/// Settings that are complete, and one more.
fn load(name: &str, value: &str) -> Result<Config, String> {
    let settings = [("DATABASE_URL", "order-up.db"), ("SECRET_KEY", KEY), (name, value)];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::load(settings, "/srv/.env-of-no-test".as_ref()).map_err(|error| error.to_string())
}

#[test]
fn a_setting_that_is_missing_is_named_with_the_file_and_how_to_make_it() {
    let url = ("DATABASE_URL".to_owned(), "order-up.db".to_owned());
    let error = Config::load([url], "/srv/.env".as_ref()).expect_err("there is no key").to_string();
    for word in ["SECRET_KEY", "/srv/.env", "openssl rand -hex 64"] {
        assert!(error.contains(word), "{error}");
    }
    let key = ("SECRET_KEY".to_owned(), KEY.to_owned());
    let error = Config::load([key], "/srv/.env".as_ref()).expect_err("there is no URL").to_string();
    assert!(error.contains("DATABASE_URL") && error.contains("/srv/.env"), "{error}");
}

#[test]
fn a_key_that_is_short_is_refused_and_not_shown() {
    let error = load("SECRET_KEY", &KEY[..63]).expect_err("63 bytes are too few");
    assert!(error.contains("63 bytes") && error.contains("64") && error.contains("openssl rand -hex 64"));
    assert!(!error.contains(&KEY[..20]), "{error}");
    assert!(load("SECRET_KEY", KEY).is_ok());
}

#[test]
fn a_key_is_measured_in_bytes() {
    assert!(load("SECRET_KEY", &"ä".repeat(32)).is_ok());
    let error = load("SECRET_KEY", &"ä".repeat(31)).expect_err("62 bytes are too few");
    assert!(error.contains("62 bytes"), "{error}");
}

#[test]
fn an_invalid_setting_is_named_with_an_example() {
    for (name, value, example) in [
        ("TIME_ZONE", "Mars/Olympus", "Europe/Rome"),
        ("ADDRESS", "8000", "127.0.0.1:8000"),
        ("ADDRESS", "localhost", "127.0.0.1:8000"),
        ("DAY_ENDS_AT", "4 o'clock", "04:00"),
        ("DAY_ENDS_AT", "25:00", "04:00"),
        ("PROXY", "the proxy", "10.0.0.2"),
        ("ORIGIN", "orders.example.com", "https://orders.example.com"),
        ("ORIGIN", "ftp://orders.example.com", "https://orders.example.com"),
        ("ORIGIN", "https://orders.example.com/board", "https://orders.example.com"),
        ("ORIGIN", "https://me@orders.example.com", "https://orders.example.com"),
        ("ORIGIN", "https://", "https://orders.example.com"),
        ("PRICES", "EUR", "3,50 €"),
        ("RESTAURANT_NAME", " ", "60 characters"),
        ("RESTAURANT_NAME", &"x".repeat(61), "60 characters"),
        ("TAX_INCLUDED", "eight", "8.875"),
        ("TAX_INCLUDED", "-8", "8.875"),
        ("TAX_INCLUDED", "101", "8.875"),
        ("INSECURE_HTTP", "yes", "1 or 0"),
        ("SQL_ECHO", "yes", "1 or 0"),
    ] {
        let error = load(name, value).expect_err("it makes no sense");
        assert!(error.contains(name) && error.contains(value) && error.contains(example), "{error}");
    }
}

#[test]
fn settings_have_default_values() {
    let config = load("ADDRESS", "").expect("these settings are fine");
    assert_eq!(config.address.to_string(), "127.0.0.1:8000");
    assert_eq!(config.business_days.ends_at.to_string(), "04:00:00");
    assert!(!config.insecure_http && config.proxy.is_none() && config.sql_echo.is_none());
}

#[test]
fn bills_show_the_restaurants_name_and_tax_where_they_are_set() {
    let house = |name: &str, value: &str| load(name, value).expect("these settings are fine").house;
    let name = house("RESTAURANT_NAME", " Chez Margot ").name;
    assert_eq!(name.as_deref(), Some("Chez Margot"));
    let longest = "ä".repeat(60);
    assert_eq!(house("RESTAURANT_NAME", &longest).name.as_ref(), Some(&longest));
    let tax = house("TAX_INCLUDED", "7,7 %").tax;
    assert_eq!(tax.map(|tax| tax.percent).as_deref(), Some("7,7"));
    for (name, nothing) in [("RESTAURANT_NAME", ""), ("TAX_INCLUDED", ""), ("TAX_INCLUDED", "0")] {
        let house = house(name, nothing);
        assert_eq!((house.name, house.tax), (None, None), "{name}={nothing}");
    }
}

#[test]
fn debug_output_of_the_settings_hides_secrets() {
    let url = "postgresql://order_up:hunter2@localhost/order_up";
    let printed = format!("{:?}", load("DATABASE_URL", url).expect("the URL is looked at later"));
    assert!(printed.contains("127.0.0.1:8000"), "{printed}");
    assert!(!printed.contains("hunter2") && !printed.contains(KEY), "{printed}");
}

#[test]
fn debug_output_of_the_settings_shows_everything_else() {
    let config = load("TIME_ZONE", "Europe/Rome").expect("these settings are fine");
    insta::assert_snapshot!(format!("{config:#?}"), @r##"
    Config {
        database_url: "(secret)",
        secret_key: "(secret)",
        address: 127.0.0.1:8000,
        insecure_http: false,
        proxy: None,
        origin: None,
        business_days: BusinessDays {
            time_zone: TimeZone(
                TZif(
                    "Europe/Rome",
                ),
            ),
            ends_at: 04:00:00,
        },
        prices: PriceFormat {
            before: "$",
            point: '.',
            after: "",
        },
        house: House {
            name: None,
            tax: None,
        },
        sql_echo: false,
    }
    "##);
}

#[test]
fn the_error_for_a_wrong_setting_describes_valid_values() {
    let settings = |url: Option<&str>, key: Option<&str>| {
        let set = [("DATABASE_URL", url), ("SECRET_KEY", key)];
        set.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect()
    };
    let said = |settings: Vec<_>| Config::load(settings, "/srv/.env".as_ref()).err().map(|it| it.to_string());
    let mut all = vec![
        said(settings(Some("a.db"), None)),
        said(settings(None, Some(KEY))),
        said(settings(Some("a.db"), Some("short"))),
    ];
    for name in ["TIME_ZONE", "DAY_ENDS_AT", "ADDRESS", "PROXY", "INSECURE_HTTP", "TAX_INCLUDED"] {
        all.push(load(name, "x").err());
    }
    all.push(load("RESTAURANT_NAME", "two\nlines").err());
    let all = all.into_iter().map(|said| said.expect("it is wrong")).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(all, @r##"
    SECRET_KEY is not set. Make one with `openssl rand -hex 64`, and add a line SECRET_KEY=… to /srv/.env, or set the variable.
    DATABASE_URL is not set. Add a line DATABASE_URL=… to /srv/.env, or set the variable in your shell; .env.example shows what it may hold.
    SECRET_KEY has 5 bytes, and needs 64 or more. Make one with `openssl rand -hex 64`, and put it into /srv/.env or into the variable.
    TIME_ZONE is "x"; use a name such as America/New_York or Europe/Rome.
    DAY_ENDS_AT is "x"; write it like 04:00.
    ADDRESS is "x"; write it like 127.0.0.1:8000, or 0.0.0.0:8000 for the network.
    PROXY is "x"; write the proxy's address like 10.0.0.2.
    INSECURE_HTTP is "x"; set it to 1 or 0.
    TAX_INCLUDED is "x"; write the percentage like 8 or 8.875, from 0 to 100.
    RESTAURANT_NAME is "two\nlines"; write one line of at most 60 characters.
    "##);
}

#[test]
fn a_file_of_settings_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let error = Config::load([], folder.path()).expect_err("a folder is not a file").to_string();
    assert!(error.starts_with(&format!("cannot read {}: ", folder.path().display())), "{error}");
}

#[test]
fn the_shell_wins_over_the_file() {
    let file = Dotenv::with(&format!("DATABASE_URL=a.db\nSECRET_KEY={KEY}\nADDRESS=127.0.0.1:7000\n"));
    let of_the_shell = [("ADDRESS".to_owned(), "127.0.0.1:9000".to_owned())];
    let address = |shell: Vec<_>| Config::load(shell, file.path()).map(|it| it.address.port());
    assert_eq!(address(vec![]).ok(), Some(7000));
    assert_eq!(address(of_the_shell.into()).ok(), Some(9000));
}

#[test]
fn a_line_of_the_file_that_cannot_be_read_is_named_and_not_shown() {
    let file = Dotenv::with("DATABASE_URL=a.db\nSECRET_KEY hunter2\n");
    let error = Config::load([], file.path()).expect_err("the second line is not a setting").to_string();
    assert!(error.contains("line 2") && !error.contains("hunter2"), "{error}");
}

#[test]
fn a_wrong_line_is_found_even_if_other_lines_contain_its_text() {
    for (text, line) in [
        ("A='no quotes'\nB=no quotes\n", 2),
        ("# hunter2\n\nhunter2\nC=3\n", 3),
        ("A=1\nB='two\nlines'\nC=no quotes", 4),
        ("A=1\nB='never ends\nC=3\n", 2),
        ("hunter2", 1),
    ] {
        let file = Dotenv::with(text);
        let error = Config::load([], file.path()).expect_err("one line is not a setting").to_string();
        assert!(error.contains(&format!(", line {line}: ")), "{text:?}: {error}");
    }
}

#[test]
fn a_cookie_is_sent_unencrypted_on_this_machine_or_if_the_settings_allow_it() {
    let is_secure = |name, value| load(name, value).map(|config| config.secure_cookies());
    assert_eq!(is_secure("ADDRESS", "127.0.0.1:8000"), Ok(false));
    assert_eq!(is_secure("ADDRESS", "[::1]:8000"), Ok(false));
    assert_eq!(is_secure("ADDRESS", "0.0.0.0:8000"), Ok(true));
    assert_eq!(is_secure("INSECURE_HTTP", "1"), Ok(false));
}

#[test]
fn a_site_is_read_as_people_write_it_and_stored_as_browsers_send_it() {
    for (written, origin) in [
        ("https://orders.example.com", "https://orders.example.com"),
        ("HTTPS://Orders.Example.com/", "https://orders.example.com"),
        ("https://orders.example.com:443", "https://orders.example.com"),
        ("http://orders.example.com:80/", "http://orders.example.com"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("https://[2001:db8::5]:8443", "https://[2001:db8::5]:8443"),
    ] {
        assert_eq!(load("ORIGIN", written).map(|it| it.origin), Ok(Some(origin.to_owned())), "{written}");
    }
    assert_eq!(load("ORIGIN", "").map(|it| it.origin), Ok(None));
}
