//! SQLite's own report of the connections that are opened and the statements that run: the only module of the course
//! with `unsafe` in it.
//!
//! Diesel has no safe way to it, and a log that a student's code can switch off decides nothing. SQLite calls an
//! *automatic extension* for each connection that is opened in the process, whoever opens it and however, and a *trace*
//! for each statement that runs on it. To take either off again, one needs SQLite's C functions, which a step can
//! neither name nor call.
//!
//! What makes the calls sound: pointers to connections and statements serve as numbers here and are never followed; the
//! texts that SQLite hands over are copied before the call returns; and a panic in one of the functions below ends the
//! process, since it cannot leave an `extern "C"` function.

#![expect(unsafe_code, reason = "there is no safe way to SQLite's trace")]

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr;
use std::sync::OnceLock;

use libsqlite3_sys as ffi;

/// Tells open connections apart.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct ConnectionId(usize);

/// Tells the statements of a connection apart.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct StatementId(usize);

/// Whom SQLite reports to, on the thread on which it happens.
pub struct Observer {
    /// A connection is opened to this file, or to none; returns whether to report what it does.
    pub opened: fn(ConnectionId, &str) -> bool,
    /// A statement begins, or one that runs already sets off a trigger.
    pub began: fn(ConnectionId, StatementId, &str),
    pub ended: fn(ConnectionId, StatementId),
}

static OBSERVER: OnceLock<Observer> = OnceLock::new();

/// From here on SQLite reports to `observer`. The first one stays.
pub fn install(observer: Observer) {
    OBSERVER.get_or_init(|| observer);
    // SAFETY: the function has the signature that SQLite documents, and is there as long as the process.
    let code = unsafe { ffi::sqlite3_auto_extension(Some(opened)) };
    assert_eq!(code, ffi::SQLITE_OK, "SQLite refuses to report what runs");
}

/// SQLite calls this at the end of each `sqlite3_open_v2`, with the new connection.
unsafe extern "C" fn opened(
    db: *mut ffi::sqlite3,
    _error: *mut *mut c_char,
    _api: *const ffi::sqlite3_api_routines,
) -> c_int {
    let Some(observer) = OBSERVER.get() else { return ffi::SQLITE_ERROR };
    // SAFETY: SQLite has made the connection, and no name stands for its main database.
    let file = unsafe { ffi::sqlite3_db_filename(db, ptr::null()) };
    // SAFETY: SQLite returns a text that lives as long as the connection.
    let file = unsafe { text(file) };
    if !(observer.opened)(ConnectionId(db.addr()), &file) {
        return ffi::SQLITE_OK;
    }
    let events = ffi::SQLITE_TRACE_STMT | ffi::SQLITE_TRACE_PROFILE;
    // SAFETY: the function has the signature that SQLite documents, and takes the pointer it is given for a number.
    unsafe { ffi::sqlite3_trace_v2(db, events, Some(traced), db.cast()) }
}

/// SQLite calls this when a statement begins, with its text, and when it ends.
unsafe extern "C" fn traced(
    event: c_uint,
    connection: *mut c_void,
    statement: *mut c_void,
    detail: *mut c_void,
) -> c_int {
    let Some(observer) = OBSERVER.get() else { return 0 };
    let (connection, statement) = (ConnectionId(connection.addr()), StatementId(statement.addr()));
    match event {
        ffi::SQLITE_TRACE_STMT => {
            // SAFETY: for this event SQLite documents a text, which lives until the call returns.
            let sql = unsafe { text(detail.cast_const().cast()) };
            (observer.began)(connection, statement, &sql);
        }
        ffi::SQLITE_TRACE_PROFILE => (observer.ended)(connection, statement),
        _ => {}
    }
    0
}

/// A copy of a text of SQLite's; of none where there is none.
///
/// # Safety
///
/// `text` is null, or points to a text that ends with a zero and does not change during the call.
unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller promises it.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
