//! What a statement does, without what depends on how somebody happens to write it, or on the time.

/// A statement as far as it tells one mistake from another: columns that are only listed, texts, and numbers that are
/// too large to be a key or a limit (times, for example) are left out.
pub fn shape(statement: &str) -> String {
    let (code, binds) = statement.rsplit_once(BINDS).unwrap_or((statement, ""));
    let code = without_columns(code, "SELECT ", " FROM ");
    let code = without_columns(&code, " RETURNING ", "");
    format!("{code}{BINDS}{}", values(binds))
}

/// What Diesel writes before the values of a statement.
const BINDS: &str = " -- binds: ";

/// Leaves out a list of columns between two words, but nothing that computes.
fn without_columns(code: &str, before: &str, behind: &str) -> String {
    let Some(start) = code.find(before).map(|start| start + before.len()) else { return code.to_owned() };
    let rest = &code[start..];
    let end = if behind.is_empty() { Some(rest.len()) } else { rest.find(behind) };
    let is_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '.' | '`' | '"' | ',' | ' ');
    match end {
        // `DISTINCT` has no comma behind it.
        Some(end)
            if rest[..end].chars().all(is_name) && rest[..end].split(", ").all(|it| !it.contains(' ')) =>
        {
            format!("{}…{}", &code[..start], &rest[end..])
        }
        _ => code.to_owned(),
    }
}

/// As many digits may tell mistakes apart.
const DIGITS: usize = 6;

/// Values as Diesel prints them: each text as `""`, each large number as `#`.
fn values(binds: &str) -> String {
    let mut shapes = String::new();
    let mut rest = binds.chars().peekable();
    while let Some(sign) = rest.next() {
        if sign == '"' {
            while let Some(inside) = rest.next().filter(|inside| *inside != '"') {
                if inside == '\\' {
                    rest.next();
                }
            }
            shapes += "\"\"";
        } else if sign.is_ascii_digit() {
            let mut number = sign.to_string();
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                number.push(digit);
            }
            shapes += if number.len() > DIGITS { "#" } else { &number };
        } else {
            shapes.push(sign);
        }
    }
    shapes
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn the_shape_of_a_statement_is_what_it_does() {
        let alike = [
            [
                "SELECT `books`.`id`, `books`.`title` FROM `books` WHERE (`books`.`id` = ?) -- binds: [7]",
                "SELECT `books`.`title` FROM `books` WHERE (`books`.`id` = ?) -- binds: [7]",
            ],
            [
                "INSERT INTO `books` (`title`) VALUES (?) RETURNING `books`.`id` -- binds: [\"Emma, \\\"7\\\"\"]",
                "INSERT INTO `books` (`title`) VALUES (?) RETURNING `books`.`id`, `books`.`title` -- binds: [\"Ulysses\"]",
            ],
            [
                "DELETE FROM `sessions` WHERE (`sessions`.`expires_at` < ?) -- binds: [1798530741]",
                "DELETE FROM `sessions` WHERE (`sessions`.`expires_at` < ?) -- binds: [1798530742]",
            ],
        ];
        for [one, other] in alike {
            assert_eq!(shape(one), shape(other));
        }
        let different = [
            [
                "SELECT `id` FROM `books` LIMIT ? -- binds: [10]",
                "SELECT `id` FROM `books` LIMIT ? -- binds: [100]",
            ],
            ["SELECT `id` FROM `books` -- binds: []", "SELECT DISTINCT `id` FROM `books` -- binds: []"],
            ["SELECT count(*) FROM `books` -- binds: []", "SELECT max(`id`) FROM `books` -- binds: []"],
            ["SELECT `id` FROM `books` ORDER BY `id` -- binds: []", "SELECT `id` FROM `books` -- binds: []"],
            [
                "SELECT `id` FROM `a` WHERE `id` = ? -- binds: [1]",
                "SELECT `id` FROM `a` WHERE `id` = ? -- binds: [\"1\"]",
            ],
            ["BEGIN -- binds: []", "BEGIN IMMEDIATE -- binds: []"],
            ["-- refused: UNIQUE constraint failed", "-- refused: NOT NULL constraint failed"],
        ];
        for [one, other] in different {
            assert_ne!(shape(one), shape(other));
        }
    }
}
