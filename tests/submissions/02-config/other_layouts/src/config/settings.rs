//! The texts that settings are made of, before anybody knows what they mean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{ConfigError, Echo, to_stderr};
use groundwork::dotenv;

/// All settings by name, and the file in which a missing one belongs.
pub(super) struct Settings {
    texts: HashMap<String, String>,
    file: PathBuf,
}

impl Settings {
    pub(super) fn read(
        variables: impl IntoIterator<Item = (String, String)>,
        file: &Path,
    ) -> Result<Self, ConfigError> {
        // Of two equal names the later stays, so the process comes second.
        let texts = dotenv::read(file)?.into_iter().chain(variables).collect();
        Ok(Self { texts, file: file.to_owned() })
    }

    pub(super) fn required(&self, name: &'static str) -> Result<&str, ConfigError> {
        match self.texts.get(name) {
            Some(text) => Ok(text),
            None => Err(ConfigError::missing(name, &self.file)),
        }
    }

    pub(super) fn switch(&self, name: &'static str) -> Result<Switch, ConfigError> {
        let text = self.texts.get(name).map_or("", String::as_str);
        Switch::try_from(text).map_err(|NoSwitch| ConfigError::not_a_switch(name, text))
    }
}

pub(super) enum Switch {
    On,
    Off,
}

pub(super) struct NoSwitch;

impl TryFrom<&str> for Switch {
    type Error = NoSwitch;

    fn try_from(text: &str) -> Result<Self, NoSwitch> {
        match text {
            "1" => Ok(Self::On),
            "" | "0" => Ok(Self::Off),
            _ => Err(NoSwitch),
        }
    }
}

impl From<Switch> for Option<Echo> {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::On => Some(to_stderr),
            Switch::Off => None,
        }
    }
}
