//! Mutants of Rust: the source is parsed, and each change replaces the text of one node.

mod calls;
mod finder;
mod results;

use anyhow::Result;
use syn::visit::{self, Visit};
use syn::{Attribute, BinOp, Expr, Lit, Pat, Stmt, Token};

use crate::edit::Edit;
use crate::operators::Operator;
use finder::Finder;

/// All changes of a source file.
///
/// # Errors
///
/// When it is not Rust.
pub fn edits(text: &str) -> Result<Vec<Edit>> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder::new(text);
    finder.visit_file(&file);
    Ok(finder.edits)
}

/// Code that this build leaves out: tests, what is for PostgreSQL, and what is for other systems.
fn is_left_out(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string().replace(' ', "");
        matches!(condition.as_str(), "test" | "feature=\"postgres\"" | "not(unix)")
    })
}

fn attributes(item: &syn::Item) -> &[Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        _ => &[],
    }
}

impl Visit<'_> for Finder<'_> {
    fn visit_item(&mut self, item: &syn::Item) {
        if !is_left_out(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.wrong_results(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        if !is_left_out(&item.attrs) {
            self.wrong_results(&item.sig, &item.block);
            visit::visit_impl_item_fn(self, item);
        }
    }

    // Neither an attribute nor a type is something that runs.
    fn visit_attribute(&mut self, _: &Attribute) {}

    fn visit_type(&mut self, _: &syn::Type) {}

    /// What is inside `format!` and its like is code, if it reads as a list of expressions.
    fn visit_macro(&mut self, call: &syn::Macro) {
        type List = syn::punctuated::Punctuated<Expr, Token![,]>;
        if let Ok(list) = call.parse_body_with(List::parse_terminated) {
            // The first is the text with the gaps, which has to stay one.
            for expression in list.iter().filter(|expression| !matches!(expression, Expr::Lit(_))) {
                self.visit_expr(expression);
            }
        }
    }

    fn visit_block(&mut self, block: &syn::Block) {
        for statement in &block.stmts {
            if is_for_its_effect(self, statement) {
                self.replace(Operator::DropStatement, statement, "");
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_stmt(&mut self, statement: &Stmt) {
        let attributes: &[Attribute] = match statement {
            Stmt::Local(local) => &local.attrs,
            Stmt::Expr(Expr::Block(block), _) => &block.attrs,
            Stmt::Expr(Expr::If(branch), _) => &branch.attrs,
            _ => &[],
        };
        if !is_left_out(attributes) {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        self.method_call(call);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_tuple(&mut self, tuple: &syn::ExprTuple) {
        self.assigns(&tuple.elems);
        visit::visit_expr_tuple(self, tuple);
    }

    fn visit_expr_call(&mut self, call: &syn::ExprCall) {
        self.call(call);
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_path(&mut self, path: &syn::ExprPath) {
        self.path(path);
    }

    fn visit_expr_binary(&mut self, binary: &syn::ExprBinary) {
        let flipped = match binary.op {
            BinOp::Eq(_) => &["!="][..],
            BinOp::Ne(_) => &["=="],
            BinOp::Lt(_) => &["<=", ">"],
            BinOp::Le(_) => &["<", ">"],
            BinOp::Gt(_) => &[">=", "<"],
            BinOp::Ge(_) => &[">", "<"],
            BinOp::And(_) => &["||"],
            BinOp::Or(_) => &["&&"],
            BinOp::Add(_) => &["-"],
            BinOp::Sub(_) => &["+"],
            BinOp::Mul(_) => &["/"],
            BinOp::Div(_) => &["*"],
            BinOp::AddAssign(_) => &["-="],
            BinOp::SubAssign(_) => &["+="],
            _ => &[],
        };
        for flipped in flipped {
            self.replace(Operator::FlipOperator, &binary.op, *flipped);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_if(&mut self, branch: &syn::ExprIf) {
        // `let` in a condition cannot be turned round.
        if !self.text_of(&branch.cond).contains("let ") {
            self.replace(
                Operator::NegateCondition,
                &branch.cond,
                format!("!({})", self.text_of(&branch.cond)),
            );
        }
        visit::visit_expr_if(self, branch);
    }

    fn visit_expr_match(&mut self, choice: &syn::ExprMatch) {
        let has_rest = choice.arms.last().is_some_and(|arm| matches!(arm.pat, Pat::Wild(_) | Pat::Ident(_)));
        let last = choice.arms.len().saturating_sub(1);
        for (index, arm) in choice.arms.iter().enumerate() {
            if has_rest && index < last {
                self.replace(Operator::DropArm, arm, "");
            }
            if let Pat::Guard(guarded) = &arm.pat {
                self.replace(Operator::DropGuard, guarded, self.text_of(&guarded.pat));
            }
        }
        visit::visit_expr_match(self, choice);
    }

    fn visit_expr_try(&mut self, attempt: &syn::ExprTry) {
        self.replace(
            Operator::SwallowError,
            attempt,
            format!("{}.unwrap_or_default()", self.text_of(&attempt.expr)),
        );
        visit::visit_expr_try(self, attempt);
    }

    fn visit_lit(&mut self, literal: &Lit) {
        match literal {
            Lit::Bool(value) => self.replace(Operator::FlipBool, literal, (!value.value).to_string()),
            Lit::Int(number) => {
                if let Ok(value) = number.base10_parse::<i64>() {
                    self.replace(
                        Operator::ChangeNumber,
                        literal,
                        format!("{}{}", value + 1, number.suffix()),
                    );
                }
            }
            // A sentence for a person has blanks; what a program goes by has none.
            Lit::Str(text) if !text.value().contains(char::is_whitespace) => {
                let other = if text.value().is_empty() { "\"xyzzy\"" } else { "\"\"" };
                self.replace(Operator::ChangeText, literal, other);
            }
            _ => {}
        }
    }
}

/// A statement whose value is not used, or a `let` that shadows a name.
fn is_for_its_effect(finder: &Finder<'_>, statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(expression, Some(_)) => {
            !matches!(expression, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
        }
        // Without a semicolon, a loop or an `if` has no value either, unless it is the last.
        Stmt::Expr(Expr::ForLoop(_) | Expr::While(_), None) => true,
        Stmt::Expr(Expr::If(branch), None) => branch.else_branch.is_none(),
        Stmt::Macro(call) => call.semi_token.is_some(),
        Stmt::Local(local) => {
            let Pat::Ident(name) = &local.pat else { return false };
            let Some(init) = &local.init else { return false };
            let name = name.ident.to_string();
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            local_mentions(finder.text_of(&init.expr), &name, is_word)
        }
        _ => false,
    }
}

fn local_mentions(text: &str, name: &str, is_word: impl Fn(char) -> bool) -> bool {
    // The name is not part of a path, a field, or a longer word.
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        before.is_none_or(|c| !is_word(c) && c != '.' && c != ':')
            && behind.is_none_or(|c| !is_word(c) && c != ':' && c != '(')
    })
}
