//! What an instructor has written down for a class: the roster, the policy, and points by hand.

use std::path::Path;

use jiff::Timestamp;
use kata::Database;
use kata::course::{Course, Gate};

use super::fault::{Fault, Source};
use super::names::student_of;
use super::overrides::{Override, Overrides};
use super::points::Points;
use super::policy::{Extension, Policy};
use super::roster::{Person, Roster};
use super::times;

#[derive(Default)]
pub struct Rules {
    pub roster: Option<Roster>,
    pub policy: Policy,
    pub overrides: Overrides,
}

/// What the rules say about one student.
#[derive(Default)]
pub struct OwnRules<'a> {
    pub overrides: Vec<&'a Override>,
    /// More time: for a lesson, or for all of them.
    extensions: Vec<(Option<&'a str>, Timestamp, &'a str)>,
}

impl Rules {
    /// # Errors
    ///
    /// When a file cannot be read, or what it says makes no sense.
    pub fn read(
        roster: Option<&Path>,
        policy: Option<&Path>,
        overrides: Option<&Path>,
        course: &Course,
    ) -> Result<Self, Fault> {
        let rules = Self {
            roster: roster.map(Roster::read).transpose()?,
            policy: policy.map(|file| Policy::read(file, course)).transpose()?.unwrap_or_default(),
            overrides: overrides.map(|file| Overrides::read(file, course)).transpose()?.unwrap_or_default(),
        };
        rules.check_points(course)?;
        if let Some(roster) = &rules.roster {
            // Before anybody is graded, which takes a while.
            rules.own(&roster.people)?;
            rules.times(roster)?;
        }
        Ok(rules)
    }

    /// Whether no points by hand are more than there are, also where nothing is graded yet.
    fn check_points(&self, course: &Course) -> Result<(), Fault> {
        let Some(source) = &self.overrides.source else { return Ok(()) };
        for given in &self.overrides.all {
            let Some(lesson) = course.lessons.iter().find(|lesson| lesson.name == given.lesson) else {
                continue;
            };
            let rule = self.policy.lessons.get(&lesson.name);
            let points = |gate: &Gate| {
                let own = rule.and_then(|rule| rule.gates.get(&gate.name)).copied();
                own.unwrap_or_else(|| Points::from(gate.points))
            };
            let gates = lesson.gates_on(Database::Sqlite);
            let named = gates.iter().find(|(_, gate)| given.gate.as_ref() == Some(&gate.name));
            let (most, what) = match named {
                Some((number, gate)) => (points(gate), format!("gate {number} counts")),
                None => {
                    let sum = || gates.iter().map(|(_, gate)| points(gate)).sum();
                    (rule.and_then(|rule| rule.weight).unwrap_or_else(sum), "the lesson counts".to_owned())
                }
            };
            if given.points > most {
                let what = format!("{} points are too many: {what} {most}", given.points);
                return Err(source.at(given.start, what));
            }
        }
        Ok(())
    }

    /// What they say about each of these people.
    ///
    /// # Errors
    ///
    /// When they name somebody else, or say two things about the same.
    pub fn own(&self, people: &[Person]) -> Result<Vec<OwnRules<'_>>, Fault> {
        let mut own: Vec<OwnRules<'_>> = people.iter().map(|_| OwnRules::default()).collect();
        if let Some(source) = &self.policy.source {
            for extension in &self.policy.extensions {
                let student = student_of(people, source, &extension.student)?;
                let lesson = extension.lesson.as_deref();
                self.check_extension(source, extension)?;
                let extensions = &mut own[student].extensions;
                if extensions.iter().any(|(other, ..)| *other == lesson) {
                    let what = "this student has an extension of that kind already: keep one";
                    return Err(source.at(extension.student.span().start, what));
                }
                extensions.push((lesson, extension.due, &extension.why));
            }
        }
        if let Some(source) = &self.overrides.source {
            for given in &self.overrides.all {
                let overrides = &mut own[student_of(people, source, &given.student)?].overrides;
                let is_twice = |other: &&&Override| {
                    other.lesson == given.lesson
                        && (other.gate == given.gate || other.gate.is_none() || given.gate.is_none())
                };
                if let Some(other) = overrides.iter().find(is_twice) {
                    let before = source.line(other.start);
                    let what = format!("the points on line {before} are for the same: keep one of the two");
                    return Err(source.at(given.start, what));
                }
                overrides.push(given);
            }
        }
        Ok(own)
    }

    /// Whether somebody has more time by it, and not less or as much.
    fn check_extension(&self, source: &Source, extension: &Extension) -> Result<(), Fault> {
        let policy = &self.policy;
        let due: Vec<_> = match &extension.lesson {
            Some(lesson) => policy.due(lesson).into_iter().collect(),
            None => {
                policy.due.into_iter().chain(policy.lessons.values().filter_map(|rule| rule.due)).collect()
            }
        };
        let shown = |due: Timestamp| times::shown(due, policy.zone.as_ref());
        let what = match (due.iter().min(), &extension.lesson) {
            (Some(due), _) if extension.due > *due => return Ok(()),
            (Some(due), Some(lesson)) => format!("lesson {lesson} is due at {} for everybody", shown(*due)),
            (Some(due), None) => format!("nothing is due before {} for anybody", shown(*due)),
            (None, _) => "nothing is due: write `due = …` at the top, or below the lesson".to_owned(),
        };
        let until = shown(extension.due);
        let what = format!("an extension until {until} gives no more time: {what}");
        Err(source.at(extension.student.span().start, what))
    }

    /// When the people of a roster handed in, as far as it says.
    ///
    /// # Errors
    ///
    /// When it says no time.
    pub fn times(&self, roster: &Roster) -> Result<Vec<Option<Timestamp>>, Fault> {
        let time = |person: &Person| {
            let read = |text: &String| {
                times::moment(text, self.policy.zone.as_ref())
                    .map_err(|error| roster.source.at_line(person.line, format_args!("`{text}` {error}")))
            };
            person.handed_in.as_ref().map(read).transpose()
        };
        roster.people.iter().map(time).collect()
    }
}

impl<'a> OwnRules<'a> {
    /// Until when this student has time, and why, where that is longer than for others, who have time until `due`.
    pub fn extension(&self, lesson: &str, due: Timestamp) -> Option<(Timestamp, &'a str)> {
        let is_meant = |name: Option<&str>| name.is_none_or(|name| name == lesson);
        let meant = self.extensions.iter().filter(|(name, until, _)| is_meant(*name) && *until > due);
        meant.max_by_key(|(_, until, _)| *until).map(|(_, until, why)| (*until, *why))
    }

    /// The points by hand for this lesson.
    pub fn overrides(&self, lesson: &str) -> impl Iterator<Item = &'a Override> {
        self.overrides.iter().filter(move |given| given.lesson == lesson).copied()
    }
}
