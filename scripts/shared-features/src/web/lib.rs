//! No code: as `shared-features`, for what web apps depend on, and lessons without one do not compile.
