//! The connections that all requests share.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use order_up::pool::Pool;

use crate::Open;

/// Of twice as many as there are connections, half work at a time: the first eight wait for each other.
#[test]
fn at_most_eight_connections_are_open() {
    let open = Open::new();
    let pool = Pool::new(&open.config());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let (together, working, most) =
        (Arc::new(Barrier::new(8)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let works = (0..16).map(|_| {
        let (pool, together) = (pool.clone(), Arc::clone(&together));
        let (working, most) = (Arc::clone(&working), Arc::clone(&most));
        runtime.spawn(async move {
            let work = move |_: &mut _| {
                most.fetch_max(working.fetch_add(1, SeqCst) + 1, SeqCst);
                together.wait();
                thread::sleep(Duration::from_millis(50));
                working.fetch_sub(1, SeqCst);
            };
            pool.run(work).await.expect("there is a connection");
        })
    });
    for work in works.collect::<Vec<_>>() {
        runtime.block_on(work).expect("none of them panics");
    }
    assert_eq!(most.load(SeqCst), 8);
    runtime.block_on(async { drop(pool) });
}

#[test]
fn a_panic_leaves_no_open_transaction_for_others() {
    let open = Open::new();
    let pool = Pool::new(&open.config());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let half = |conn: &mut groundwork::Db| -> () {
        let begun = "BEGIN; DELETE FROM tables";
        diesel::connection::SimpleConnection::batch_execute(conn, begun).expect("there are tables");
        panic!("half-way");
    };
    let panic = catch_unwind(AssertUnwindSafe(|| runtime.block_on(pool.run(half))));
    let panic = panic.expect_err("the panic goes on where it was asked for");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"half-way"));
    let tables = runtime.block_on(pool.run(|conn| gates::rows(conn, "count(*)", "tables")));
    assert_eq!(tables.expect("there is a connection"), "count(*)\n10");
    runtime.block_on(async { drop(pool) });
}
