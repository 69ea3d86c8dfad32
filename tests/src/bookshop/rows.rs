//! What the shop's tables hold.

#[derive(Clone, Debug)]
pub struct Author {
    pub id: i32,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Book {
    pub id: i32,
    pub title: String,
    pub pages: Option<i32>,
    pub author_id: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct Publisher {
    pub id: i32,
    pub name: String,
}
