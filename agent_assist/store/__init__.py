"""The database. SQLAlchemy lives only here; core types go in and come out."""
