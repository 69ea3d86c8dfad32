//! Files for a spreadsheet: CSV that Excel opens with a double click, with its columns, letters and amounts intact.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use csv::{Terminator, Writer, WriterBuilder};

use crate::error::AppError;
use crate::money::Cents;
use crate::price_format::PriceFormat;

/// With it, Excel reads the file as UTF-8. Other programs ignore it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a formula may begin with. Where East Asian letters are typed, Excel also takes the wide forms.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What ends a cell, in one country or another.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// A file with one row for each record.
pub struct Spreadsheet {
    file: Writer<Vec<u8>>,
    prices: PriceFormat,
}

impl Spreadsheet {
    /// A file with these columns. Where prices have a comma, Excel expects semicolons between the cells.
    ///
    /// # Errors
    ///
    /// Never: the file is in memory.
    pub fn new(prices: &PriceFormat, columns: &[&str]) -> Result<Self, csv::Error> {
        let separator = if prices.has_comma() { b';' } else { b',' };
        let mut builder = WriterBuilder::new();
        builder.delimiter(separator).terminator(Terminator::CRLF);
        let mut file = builder.from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
        file.write_record(columns)?;
        Ok(Self { file, prices: prices.clone() })
    }

    /// An amount as a plain number, with the point or comma that the spreadsheet expects.
    pub fn amount(&self, amount: Cents) -> String {
        self.prices.plain(amount)
    }

    /// Adds a row. Names in it have passed through [`text`].
    ///
    /// # Errors
    ///
    /// When the row has another number of cells than there are columns.
    pub fn add<const N: usize>(&mut self, row: &[String; N]) -> Result<(), csv::Error> {
        self.file.write_record(row)
    }

    /// The file as a download with this name.
    ///
    /// # Errors
    ///
    /// Never: the file is in memory.
    pub fn download(self, name: &str) -> Result<Response, AppError> {
        let body = self.file.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        Ok((headers, body).into_response())
    }
}

/// A name that stays text. A spreadsheet would run one that begins like a formula; after an apostrophe it does not. The
/// same goes for what follows a separator, because a spreadsheet set to another country may begin a cell there.
pub fn text(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 1);
    let mut begins = true;
    for char in name.chars() {
        if begins && FORMULA.contains(&char) {
            text.push('\'');
        }
        text.push(char);
        begins = SEPARATORS.contains(&char) || begins && (char.is_whitespace() || char == '"');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_a_formula_is_text() {
        for (name, cell) in [
            ("=HYPERLINK(\"https://evil.example\")", "'=HYPERLINK(\"https://evil.example\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            (" =1+1", " '=1+1"),
            ("\t=1+1", "\t'=1+1"),
            ("\"=1+1", "\"'=1+1"),
            ("Soup;=1+1", "Soup;'=1+1"),
            ("Soup, =1+1", "Soup, '=1+1"),
            ("Soup\r\n@A1", "Soup\r\n'@A1"),
            ("==", "'=="),
        ] {
            assert_eq!(text(name), cell, "{name:?}");
        }
    }

    #[test]
    fn other_names_stay_unchanged() {
        for name in ["", "Jambalaya", "Rum = Coke", "Mac + cheese", "7-Up", "'=1", "Żurek, 1-2", "a@b"] {
            assert_eq!(text(name), name);
        }
    }
}
