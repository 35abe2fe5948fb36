"""BERTopic as its manual begins: UMAP, HDBSCAN and class-based TF-IDF, over vectors that are given."""

from __future__ import annotations

from collections.abc import Sequence

from convarchive.errors import EngineMissing
from convarchive.index.ports import Vectors


def topics(texts: Sequence[str], vectors: Vectors, *, seed: int = 0, words: int = 10) -> tuple[tuple[str, ...], ...]:
    """Each topic's words, most telling first, without the outliers' topic. Raises EngineMissing."""
    try:
        from bertopic import BERTopic
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP
    except ImportError as error:
        raise EngineMissing(f"{error.name} is not installed; get it with: pip install bertopic") from error
    model = BERTopic(
        # Its own defaults, but for a seed, and for English stop words as its manual advises.
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        vectorizer_model=CountVectorizer(stop_words="english"),
        top_n_words=words,
    )
    model.fit(list(texts), embeddings=vectors)
    return tuple(
        tuple(word for word, _ in found if word) for topic, found in sorted(model.get_topics().items()) if topic >= 0
    )
