//! The options of a run: what a verdict depends on, besides the course, the seeds and the submission.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::limits::Limits;
use crate::sandbox::Tier;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Options {
    pub lesson: Vec<String>,
    pub build_limits: Limits,
    pub gate_limits: Limits,
    pub scan: bool,
    pub tier: Tier,
    pub repetition: bool,
}

impl Options {
    /// The first option that differs, as `--help` calls it, and its two values.
    pub fn difference(&self, other: &Self) -> Option<(String, String, String)> {
        let (one, other) = (self.fields(), other.fields());
        let differs = |(name, value): (&String, &Value)| {
            let others = other.get(name).unwrap_or(&Value::Null);
            (value != others).then(|| (shown_name(name), value.to_string(), others.to_string()))
        };
        one.iter().find_map(differs)
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

fn shown_name(field: &str) -> String {
    match field {
        "build_limits" => "--build-time".to_owned(),
        "gate_limits" => "--gate-time or --gate-memory".to_owned(),
        "scan" => "--no-scan".to_owned(),
        "repetition" => "--seed".to_owned(),
        "tier" => "tier of the sandbox".to_owned(),
        field => format!("--{field}"),
    }
}
