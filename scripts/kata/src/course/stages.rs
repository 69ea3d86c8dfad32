//! The stages of a lesson, and what makes a lesson a project.

use super::manifest::{Gate, Stage};
use super::{Lesson, names};
use crate::Database;

/// The lesson does not have such a stage: a mistake in the command.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoSuchStage(String);

impl NoSuchStage {
    /// Where the lesson has no stages at all; `instead` is what may have been meant.
    pub fn none(lesson: &Lesson, instead: &str) -> Self {
        Self(format!("lesson {} has no stages; {instead}", lesson.number))
    }
}

impl Lesson {
    /// Whether students build the lesson's app themselves, stage by stage, from a skeleton that is written by
    /// hand. The finished step is a reference to read afterwards.
    pub fn is_project(&self) -> bool {
        self.manifest.app.is_some() && !self.manifest.stages.is_empty()
    }

    /// The text of the stage at `index`: its card, by its path in the course.
    pub fn card(&self, index: usize) -> String {
        let name = self.manifest.stages[index].name.replace('_', "-");
        format!("lessons/{}/stages/{}-{name}.md", self.name, index + 1)
    }

    /// The gates of the stage at `index` that make sense on `database`, each with its number.
    pub fn gates_of_stage(&self, index: usize, database: Database) -> Vec<(usize, &Gate)> {
        let start = format!("{}::", self.manifest.stages[index].name);
        let mut gates = self.gates_on(database);
        gates.retain(|(_, gate)| gate.name.starts_with(&start));
        gates
    }

    /// The index of the stage that the gate of this number belongs to.
    pub fn stage_of(&self, number: usize) -> Option<usize> {
        let (stage, _) = self.manifest.gates.get(number.checked_sub(1)?)?.name.split_once("::")?;
        self.manifest.stages.iter().position(|other| other.name == stage)
    }

    /// `Stage 3 of 9: The board`, for the stage at `index`.
    pub fn stage_title(&self, index: usize) -> String {
        let Stage { title, .. } = &self.manifest.stages[index];
        format!("Stage {} of {}: {title}", index + 1, self.manifest.stages.len())
    }

    /// The index of the stage that is named as `sign_in`, `sign-in` or by its number.
    ///
    /// # Errors
    ///
    /// [`NoSuchStage`], when there is none of this name.
    pub fn stage(&self, name: &str) -> Result<usize, NoSuchStage> {
        let number = self.number;
        let stages: Vec<_> = self.manifest.stages.iter().map(|stage| stage.name.as_str()).collect();
        if stages.is_empty() {
            return Err(NoSuchStage::none(self, &format!("leave `{name}` out")));
        }
        let plain = name.replace('-', "_");
        let found = match name.parse::<usize>() {
            Ok(number) => number.checked_sub(1).filter(|index| *index < stages.len()),
            Err(_) => stages.iter().position(|stage| *stage == plain),
        };
        found.ok_or_else(|| {
            NoSuchStage(match names::alike(&plain, &stages) {
                Some(meant) => {
                    format!("lesson {number} has no stage `{name}`; did you mean `{meant}`?")
                }
                None => {
                    format!("lesson {number} has no stage `{name}`; its stages are {}", stages.join(", "))
                }
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Database;
    use crate::course::Lesson;

    fn lesson(stages: &str) -> Lesson {
        let gate = |name: &str| {
            format!("[[gate]]\nname = '{name}'\ntitle = 'x'\nhints = ['a', 'b', 'c']\nlearnt = 'x'\n")
        };
        let stage = |name: &str| {
            format!(
                "[[stage]]\nname = '{name}'\ntitle = 'The {name}'\nminutes = 1\nreference = ['src/a.rs', \
                 'src/a.rs#A::b']\nreview = 'x'\n"
            )
        };
        let stages: String = stages.split_whitespace().map(stage).collect();
        let gates = ["board::a", "sign_in::a", "sign_in::b"].map(gate).concat();
        let text = format!("title = 'x'\nminutes = 1\nhanded_in = []\napp = 'app'\n{stages}{gates}");
        Lesson { number: 8, name: "08-app".to_owned(), manifest: toml::from_str(&text).unwrap() }
    }

    #[test]
    fn a_gate_belongs_to_the_stage_that_its_name_begins_with() {
        let lesson = lesson("board sign_in");
        assert!(lesson.is_project());
        assert_eq!(
            [1, 2, 3, 4, 0].map(|number| lesson.stage_of(number)),
            [Some(0), Some(1), Some(1), None, None]
        );
        let numbers: Vec<_> =
            lesson.gates_of_stage(1, Database::Sqlite).iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 3]);
        assert_eq!(lesson.card(1), "lessons/08-app/stages/2-sign-in.md");
        assert_eq!(lesson.stage_title(1), "Stage 2 of 2: The sign_in");
        let pieces = &lesson.manifest.stages[0].reference;
        assert_eq!(pieces[1].item.as_deref(), Some("A::b"));
        assert_eq!((pieces[0].file.to_str(), &pieces[0].item), (pieces[1].file.to_str(), &None));
    }

    #[test]
    fn a_stage_is_found_by_name_and_number_and_a_typo_gets_a_suggestion() {
        let lesson = lesson("board sign_in");
        for name in ["sign_in", "sign-in", "2"] {
            assert_eq!(lesson.stage(name).unwrap(), 1, "{name}");
        }
        let said = |name: &str| lesson.stage(name).unwrap_err().to_string();
        assert_eq!(said("signin"), "lesson 8 has no stage `signin`; did you mean `sign_in`?");
        for name in ["0", "3", "zebra"] {
            assert_eq!(said(name), format!("lesson 8 has no stage `{name}`; its stages are board, sign_in"));
        }
        let without = self::lesson("").stage("board").unwrap_err().to_string();
        assert_eq!(without, "lesson 8 has no stages; leave `board` out");
    }
}
