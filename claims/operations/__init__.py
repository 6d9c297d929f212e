"""Operations of claims."""
