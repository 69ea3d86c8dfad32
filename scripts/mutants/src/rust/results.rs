//! Mutants that do nothing and return a value of the right type.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

use super::finder::Finder;
use crate::operators::Operator;

impl Finder<'_> {
    pub(super) fn wrong_results(&mut self, signature: &syn::Signature, body: &syn::Block) {
        if body.stmts.is_empty() {
            return;
        }
        let values = match &signature.output {
            ReturnType::Default => vec!["()".to_owned()],
            ReturnType::Type(_, output) => values(output),
        };
        for value in values {
            self.replace(Operator::WrongResult, body, format!("{{ {value} }}"));
        }
    }
}

/// Values of a type that are easily had: the empty one and, where there is one, another.
fn values(output: &Type) -> Vec<String> {
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    match output {
        Type::Tuple(tuple) => {
            // Of each element its first value: which of them are wrong does not matter.
            let first: Vec<_> =
                tuple.elems.iter().filter_map(|element| values(element).into_iter().next()).collect();
            if first.len() < tuple.elems.len() { Vec::new() } else { vec![format!("({})", first.join(", "))] }
        }
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => texts(&["\"\"", "\"xyzzy\""]),
            _ => Vec::new(),
        },
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Vec::new() };
            let inner = first_argument(&last.arguments);
            match last.ident.to_string().as_str() {
                "bool" => texts(&["true", "false"]),
                "String" => texts(&["String::new()", "\"xyzzy\".into()"]),
                "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => texts(&["0", "1"]),
                "Option" => {
                    let inner = inner.map(values).unwrap_or_default();
                    let some = inner.iter().map(|value| format!("Some({value})"));
                    std::iter::once("None".to_owned()).chain(some).collect()
                }
                "Vec" => texts(&["Vec::new()"]),
                "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "Response" => {
                    texts(&["Default::default()"])
                }
                "Result" | "QueryResult" => {
                    let is_query = last.ident == "QueryResult";
                    let refused = is_query.then(|| "Err(diesel::NotFound)".to_owned());
                    match inner {
                        Some(inner) => {
                            values(inner).iter().map(|value| format!("Ok({value})")).chain(refused).collect()
                        }
                        // `fmt::Result`.
                        None => texts(&["Ok(())"]),
                    }
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn first_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}
