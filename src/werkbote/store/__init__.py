"""The one Django app: tables, queue names, transactions, the vault and the table of personal fields."""
