using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The lists of media. Thread-safe.</summary>
/// <remarks>
/// A list sees every change that was acknowledged before it began. Pages that follow each other by cursor show each item that stays in the
/// list exactly once, whatever is added or removed meanwhile; an item whose order key changes may be shown twice or not at all.
/// </remarks>
public interface IMediaSearch
{
    /// <returns>The page.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer.</exception>
    Task<MediaSearchResult> SearchAsync(MediaQuery query, CancellationToken cancellationToken);
}

/// <summary>The outcome of a search.</summary>
/// <param name="Status">The outcome; all else is empty unless it is <see cref="SearchStatus.Found"/>.</param>
/// <param name="Items">The items of the page, in order.</param>
/// <param name="Next">The position after which the next page begins; <see langword="null"/> when this one is the last.</param>
/// <param name="Count">The number of items of the list up to <see cref="MediaQuery.MaxOffset"/>, for a page by offset; else 0.</param>
public sealed record MediaSearchResult(SearchStatus Status, ImmutableArray<MediaItem> Items, MediaPosition? Next, int Count)
{
    internal static MediaSearchResult Failed(SearchStatus status) => new(status, [], null, 0);
}

/// <summary>The outcomes of a search.</summary>
public enum SearchStatus
{
    Found,

    /// <summary>No index helps with the filter, and the search took too long.</summary>
    TooCostly,

    /// <summary>Too many other searches were running.</summary>
    Busy,
}
