"""Stores on database servers: Milvus, and PostgreSQL with pgvector."""
