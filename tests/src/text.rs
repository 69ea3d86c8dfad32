//! Text of a file that a step compiles in with `include_str!`, as an editor has saved it.

/// The text without a byte order mark, its lines ended with LF: so it is read alike on every system.
pub fn plain(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use crate::{read_dotenv, read_setup_sql};

    /// The same text as editors on different systems save it.
    fn saved(text: &str) -> Vec<String> {
        let crlf = text.replace('\n', "\r\n");
        let mixed = text.replacen('\n', "\r\n", 1);
        let with_mark = [text, &crlf, &mixed].map(|text| format!("\u{feff}{text}"));
        with_mark.into_iter().chain([crlf, mixed]).collect()
    }

    #[test]
    fn submitted_files_are_read_the_same_however_they_were_saved() {
        let settings = [
            "# A comment.\nDATABASE_URL=postgresql://a:b@localhost/c\n",
            "DATABASE_URL='postgresql://a:b@localhost/c'\nNOTE=\"two\nlines\"\n",
            "no setting\nA=1",
            "",
        ];
        for text in settings {
            for saved in saved(text) {
                assert_eq!(read_dotenv(&saved), read_dotenv(text), "{saved:?}");
            }
        }
        let statements = [
            "-- A role:\nCREATE USER a WITH PASSWORD 'b';\nCREATE DATABASE c\n    OWNER a;\n",
            "CREATE USER a PASSWORD 'two\nlines';\nGRANT ALL\n    ON b TO a;\n",
            "CREATE USER a;\nCREAT DATABASE c;\n",
            "CREATE USER a WITH PASSWORD 'b'\n\nCREATE DATABASE c;\n",
            "",
        ];
        for text in statements {
            for saved in saved(text) {
                assert_eq!(read_setup_sql(&saved), read_setup_sql(text), "{saved:?}");
            }
        }
    }
}
