//! Which transaction waited for which: the transactions of several connections as a picture, one line for each.

mod drawn;

use gate_contract::trace::Ran;

/// A statement that took no longer did not wait, whatever else ran meanwhile.
const SHORTEST: u64 = 1000;

/// What one connection did.
#[derive(Debug, PartialEq)]
pub struct Lane {
    /// The gate's own connection, or one of the student's code.
    pub name: String,
    pub spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub kind: Kind,
    /// In microseconds, since the first of them.
    pub from: u64,
    pub to: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A statement did not get on while somebody else was in a transaction.
    Waits,
    /// In a transaction.
    Holds,
    /// A statement was refused while somebody else was in a transaction.
    Refused,
}

/// Connections that were in each other's way; none where nobody waited and nobody was refused.
#[derive(Debug, PartialEq)]
pub struct Waits {
    pub lanes: Vec<Lane>,
    /// Each wait in a sentence.
    pub words: Vec<String>,
    /// When the last of them ended, in microseconds since the first began.
    pub end: u64,
}

impl Waits {
    /// What `runs` show of it. `statements` are the gate's.
    pub fn of(statements: &[String], runs: &[Ran]) -> Option<Self> {
        let text =
            |ran: &Ran| ran.statement.and_then(|number| statements.get(number)).map_or("", String::as_str);
        let mut connections: Vec<_> = runs.iter().map(|ran| ran.connection).collect();
        connections.sort_unstable();
        connections.dedup();
        let held: Vec<_> = connections
            .iter()
            .map(|connection| {
                let own: Vec<_> = runs.iter().filter(|ran| ran.connection == *connection).collect();
                (*connection, transactions(&own, &text))
            })
            .collect();
        let mut lanes: Vec<(usize, Vec<Span>)> = held
            .iter()
            .map(|(connection, held)| {
                let hold = |(from, to): &(u64, u64)| Span { kind: Kind::Holds, from: *from, to: *to };
                (*connection, held.iter().map(hold).collect())
            })
            .collect();
        let mut found = Vec::new();
        for ran in runs.iter().filter(|ran| ran.statement.is_some()) {
            let others: Vec<_> = held
                .iter()
                .filter(|(connection, held)| {
                    *connection != ran.connection
                        && held.iter().any(|(from, to)| *from < ran.to && *to > ran.from)
                })
                .map(|(connection, _)| *connection)
                .collect();
            let is_long = ran.to.saturating_sub(ran.from) >= SHORTEST && may_wait(text(ran));
            if others.is_empty() || !(is_long || ran.is_refused) {
                continue;
            }
            let kind = if ran.is_refused { Kind::Refused } else { Kind::Waits };
            if let Some((_, spans)) = lanes.iter_mut().find(|(connection, _)| *connection == ran.connection) {
                spans.push(Span { kind, from: ran.from, to: ran.to });
            }
            found.push((ran, others));
        }
        if found.is_empty() {
            return None;
        }
        // A connection that took no part is not shown.
        let is_part = |connection: usize| {
            found.iter().any(|(ran, others)| ran.connection == connection || others.contains(&connection))
        };
        lanes.retain(|(connection, spans)| is_part(*connection) && !spans.is_empty());
        lanes.sort_by_key(|(connection, spans)| {
            let held = spans.iter().find(|span| span.kind == Kind::Holds).map(|span| span.from);
            (held.unwrap_or(u64::MAX), *connection)
        });
        let order: Vec<_> = lanes.iter().map(|(connection, _)| *connection).filter(|it| *it > 0).collect();
        let name = |connection: usize| match order.iter().position(|other| *other == connection) {
            Some(place) => format!("connection {}", place + 1),
            None => "the gate".to_owned(),
        };
        let first = lanes.iter().flat_map(|(_, spans)| spans).map(|span| span.from).min().unwrap_or(0);
        let words = found.iter().map(|(ran, others)| {
            let others: Vec<_> = others.iter().map(|other| name(*other)).collect();
            sentence(&name(ran.connection), ran, &others)
        });
        let words = words.collect();
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|(connection, mut spans)| {
                spans.sort_by_key(|span| span.from);
                for span in &mut spans {
                    (span.from, span.to) = (span.from - first, span.to - first);
                }
                Lane { name: name(connection), spans }
            })
            .collect();
        let end = lanes.iter().flat_map(|lane| &lane.spans).map(|span| span.to).max().unwrap_or(0);
        Some(Self { lanes, words, end })
    }
}

/// From the end of each statement that begins a transaction to the end of the one that ends it.
fn transactions<'a>(runs: &[&Ran], text: &impl Fn(&Ran) -> &'a str) -> Vec<(u64, u64)> {
    let (mut found, mut since) = (Vec::new(), None);
    for ran in runs {
        // The gate's own is whole.
        if ran.statement.is_none() {
            found.push((ran.from, ran.to));
            continue;
        }
        let word = text(ran).split([' ', ';']).next().unwrap_or_default().to_uppercase();
        let is_to_savepoint = text(ran).contains("SAVEPOINT");
        match &*word {
            "BEGIN" if !ran.is_refused => since = Some(ran.to),
            "COMMIT" | "END" | "ROLLBACK" if !is_to_savepoint && !ran.is_refused => {
                found.extend(since.take().map(|since| (since, ran.to)));
            }
            _ => {}
        }
    }
    found
}

/// Whether a database may have this statement wait for somebody: readers wait for nobody.
fn may_wait(statement: &str) -> bool {
    let statement = statement.to_uppercase();
    let begins = |word: &str| statement.starts_with(word);
    ["BEGIN", "INSERT", "UPDATE", "DELETE", "COMMIT"].into_iter().any(begins)
        || statement.contains("FOR UPDATE")
}

fn sentence(name: &str, ran: &Ran, others: &[String]) -> String {
    let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let others = match others {
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, more @ ..] => format!("{first} and {} more", more.len()),
        [] => String::new(),
    };
    let microseconds = ran.to.saturating_sub(ran.from);
    let time = crate::sql::took(microseconds);
    match ran.is_refused {
        true if microseconds < SHORTEST => {
            format!("{name} was refused at once, during a transaction of {others}.")
        }
        true => format!("{name} was refused after {time}, during a transaction of {others}."),
        false => format!("{name} waited {time} for {others}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(statement: usize, connection: usize, from: u64, to: u64) -> Ran {
        Ran { statement: Some(statement), connection, from, to, is_refused: false }
    }

    fn statements() -> Vec<String> {
        ["BEGIN IMMEDIATE", "INSERT INTO books VALUES (1)", "COMMIT", "BEGIN", "SELECT 1"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn a_writer_waits_for_the_gate_and_the_next_one_for_that_writer() {
        let gate = Ran { statement: None, connection: 0, from: 0, to: 5000, is_refused: false };
        let runs = [
            ran(4, 2, 10, 4000),
            ran(0, 4, 1000, 5100),
            ran(1, 4, 5150, 5200),
            gate,
            ran(2, 4, 5200, 8000),
            ran(0, 3, 1200, 8100),
            ran(2, 3, 8200, 8300),
        ];
        let waits = Waits::of(&statements(), &runs).unwrap();
        let names: Vec<_> = waits.lanes.iter().map(|lane| &*lane.name).collect();
        assert_eq!(names, ["the gate", "connection 1", "connection 2"], "who read waited for nobody");
        let kinds: Vec<_> = waits.lanes[1].spans.iter().map(|span| (span.kind, span.from, span.to)).collect();
        assert_eq!(kinds, [(Kind::Waits, 1000, 5100), (Kind::Holds, 5100, 8000)]);
        assert_eq!(
            waits.words,
            [
                "Connection 1 waited 4.10 ms for the gate.",
                "Connection 2 waited 6.90 ms for the gate and connection 1."
            ]
        );
        assert_eq!(waits.end, 8300);
        let svg = waits.picture();
        assert_eq!(svg.matches("class=\"waits\"").count(), 2, "{svg}");
        assert_eq!(svg.matches("class=\"holds\"").count(), 3, "{svg}");
    }

    #[test]
    fn a_refused_writer_is_shown_and_a_lone_writer_is_not() {
        let gate = Ran { statement: None, connection: 0, from: 100, to: 9000, is_refused: false };
        let refused = Ran { is_refused: true, ..ran(1, 1, 1050, 1060) };
        let waits =
            Waits::of(&statements(), &[ran(3, 1, 1000, 1010), refused.clone(), gate.clone()]).unwrap();
        assert_eq!(waits.words, ["Connection 1 was refused at once, during a transaction of the gate."]);
        assert_eq!(waits.lanes[1].spans[0].kind, Kind::Refused);
        assert!(waits.picture().contains("class=\"refused\""));
        assert_eq!(Waits::of(&statements(), &[refused]), None);
        assert_eq!(Waits::of(&statements(), &[ran(1, 1, 1000, 1400), gate]), None, "nobody waits so briefly");
        assert_eq!(Waits::of(&[], &[]), None);
    }
}
