//! Which shard the command line wants to be graded.

use std::str::FromStr;

use super::{Error, Shard, number, scheduler};

/// What the command line wants to be graded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted {
    Named(Shard),
    /// The scheduler says which; and of how many, unless the command line does.
    Auto(Option<u32>),
}

impl FromStr for Wanted {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let not_a_shard = || Error::NotAShard(crate::text::line(text));
        let read = |text: &str| number(text).ok_or_else(not_a_shard);
        match text.split_once('/') {
            None if text == "auto" => Ok(Self::Auto(None)),
            Some(("auto", count)) => {
                let count = read(count)?;
                Shard::new(1, count)?;
                Ok(Self::Auto(Some(count)))
            }
            Some((index, count)) => Ok(Self::Named(Shard::new(read(index)?, read(count)?)?)),
            None => Err(not_a_shard()),
        }
    }
}

impl Wanted {
    /// The shard, by these variables if it is for a scheduler to say.
    ///
    /// # Errors
    ///
    /// When the variables do not say it.
    pub fn shard(self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, Error> {
        match self {
            Self::Named(shard) => Ok(shard),
            Self::Auto(count) => scheduler::shard(count, variable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_a_shard_is_refused() {
        assert_eq!("2/6".parse(), Ok(Wanted::Named(Shard { index: 2, count: 6 })));
        assert_eq!("auto".parse(), Ok(Wanted::Auto(None)));
        assert_eq!("auto/6".parse(), Ok(Wanted::Auto(Some(6))));
        for text in
            ["", "2", "2/", "/6", "a/6", "2/b", "+2/6", "-1/6", "2/6/7", "2 / 6", "Auto", "auto/", "٢/6"]
        {
            assert_eq!(text.parse::<Wanted>(), Err(Error::NotAShard(text.to_owned())), "{text}");
        }
        assert_eq!("0/6".parse::<Wanted>(), Err(Error::OutOfRange { index: 0, count: 6 }));
        assert_eq!("7/6".parse::<Wanted>(), Err(Error::OutOfRange { index: 7, count: 6 }));
        for (text, count) in [("1/0", 0), ("1/10001", 10_001), ("auto/0", 0)] {
            assert_eq!(text.parse::<Wanted>(), Err(Error::Count(count)), "{text}");
        }
    }
}
