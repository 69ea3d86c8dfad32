//! When each submission was handed in, as far as anything says so.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::export::Export;
use super::fault::Fault;
use super::record::Record;
use super::rules::Rules;
use super::times;
use crate::text::line;

/// By the place of the submission; and what whoever grades should know.
pub struct Times {
    pub of: Vec<Option<Timestamp>>,
    pub notes: Vec<String>,
}

impl Times {
    /// `owned`: the submissions of each person on the roster.
    ///
    /// # Errors
    ///
    /// When the roster says no time.
    pub fn of(rules: &Rules, records: &[Record], owned: &[Vec<usize>]) -> Result<Self, Fault> {
        let policy = &rules.policy;
        // In a folder that Blackboard has not written, its form is what somebody has called a file.
        let is_stamped =
            |record: &&Record| matches!(Export::of(&record.folder), Some(Export::Blackboard { .. }));
        let is_blackboards = records.iter().filter(is_stamped).count() * 2 > records.len();
        let stamp =
            |record: &Record| is_blackboards.then(|| stamp(&record.folder, policy.zone.as_ref())).flatten();
        let is_called = |record: &Record, name: &str| record.folder == name || record.submission == name;
        let listed = |record: &Record| {
            let entry = policy.handed_in.iter().find(|(name, _)| is_called(record, name.get_ref()));
            entry.map(|(_, time)| *time).or_else(|| stamp(record))
        };
        let mut of: Vec<_> = records.iter().map(listed).collect();
        if let Some(roster) = &rules.roster {
            for (time, records) in rules.times(roster)?.into_iter().zip(owned) {
                // Of several submissions, a list does not say which it means.
                if let [only] = records[..] {
                    of[only] = of[only].or(time);
                }
            }
        }
        let mut notes = Vec::new();
        for (name, _) in &policy.handed_in {
            if let Some(source) = policy.source.as_ref()
                && !records.iter().any(|record| is_called(record, name.get_ref()))
            {
                let what = format!("no submission is called `{}`", line(name.get_ref()));
                notes.push(source.at(name.span().start, what).to_string());
            }
        }
        let unknown = of.iter().filter(|time| time.is_none()).count();
        if policy.has_due() && unknown > 0 {
            notes.push(format!(
                "{unknown} of {} submissions have no time, and count as in time: write it into a column `handed_in` of \
                 the roster, or below `[handed_in]` in the policy",
                records.len()
            ));
        }
        let is_late = |name: &str| matches!(Export::of(name), Some(Export::Canvas { is_late: true, .. }));
        let late = records.iter().zip(&of).filter(|(record, time)| time.is_none() && is_late(&record.folder));
        let late: Vec<_> = late.map(|(record, _)| format!("`{}`", record.submission)).collect();
        if !late.is_empty() {
            notes.push(format!(
                "Canvas marks {} as late, and does not write when they were handed in: write the times below \
                 `[handed_in]` in the policy",
                late.join(", ")
            ));
        }
        Ok(Self { of, notes })
    }
}

/// The time in a name of Blackboard's: `…_attempt_2026-05-01-12-00-00_…`.
fn stamp(name: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let Some(Export::Blackboard { time, .. }) = Export::of(name) else { return None };
    let (day, clock) = (time.get(..10)?, time.get(11..)?.replace('-', ":"));
    times::moment(&format!("{day}T{clock}"), zone).ok()
}
