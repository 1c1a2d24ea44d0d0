using MediaAspire.Core.Caching;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Keeps documents of one kind parsed, by their text: each is parsed once a change, not once a request.</summary>
/// <remarks>Thread-safe. Never stale, because the key is the whole text.</remarks>
/// <param name="parse">Parses a text, always to the same immutable result.</param>
/// <param name="capacity">The number of documents kept.</param>
/// <param name="time">The clock.</param>
internal class ParsedDocuments<T>(Func<string, T> parse, int capacity, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly ExpiringCache<string, T> _parsed = new(capacity, s_lifetime, time, StringComparer.Ordinal);

    public T Get(string text)
    {
        if (!_parsed.TryGet(text, out var document))
        {
            document = parse(text);
            _parsed.Set(text, document);
        }

        return document;
    }
}
