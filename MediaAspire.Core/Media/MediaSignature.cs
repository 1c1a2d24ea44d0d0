using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace MediaAspire.Core.Media;

/// <summary>
/// A summary of an item in 320 bits: some for each tag, category, application's field and name, and one for each three letters of its name
/// and of its other texts. What an item has, its signature has the bits of, so a list skips most items that do not match without reading
/// them.
/// </summary>
/// <remarks>
/// The database stores signatures: the bits of a term never change. All bits set are right for any item, but skip nothing.
/// </remarks>
public readonly record struct MediaSignature(long TermsLow, long TermsHigh, long NameText, long TextLow, long TextHigh)
{
    private const int BitsOfTerm = 4;
    private const int LettersOfText = 3;

    public static MediaSignature Empty { get; }

    /// <summary>Computes the signature of an item.</summary>
    public static MediaSignature Of(MediaItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Of(item.Tags, item.Categories, item.Custom, MediaText.Normalize(item.Name), MediaSearchText.Of(item));
    }

    /// <summary>Computes the signature of an item.</summary>
    /// <param name="tags">Its tags.</param>
    /// <param name="categories">Its categories.</param>
    /// <param name="custom">The application's fields.</param>
    /// <param name="normalName">The normalized name.</param>
    /// <param name="searchText">See <see cref="MediaSearchText"/>.</param>
    public static MediaSignature Of(
        IEnumerable<string> tags, IEnumerable<string> categories, IEnumerable<KeyValuePair<string, CustomValue>> custom, string normalName,
        string searchText)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(custom);

        var signature = OfText(searchText[(searchText.IndexOf(MediaSearchText.Separator, StringComparison.Ordinal) + 1)..])
            | OfNameText(normalName) | OfName(normalName);
        foreach (var tag in tags)
        {
            signature |= OfTag(tag);
        }

        foreach (var category in categories)
        {
            signature |= OfCategory(category);
        }

        foreach (var (name, value) in custom)
        {
            signature |= OfCustom(name, value);
        }

        return signature;
    }

    public static MediaSignature OfTag(string tag) => OfTerm('t', tag);

    public static MediaSignature OfCategory(string category) => OfTerm('c', category);

    public static MediaSignature OfName(string normalName) => OfTerm('n', normalName);

    public static MediaSignature OfCustom(string name, CustomValue value) => OfTerm(
        'x',
        value.Text is { } text
            ? $"{name}\u001Fs{text}"
            : $"{name}\u001Fn{(value.Number == 0 ? 0 : value.Number).ToString("R", CultureInfo.InvariantCulture)}");

    /// <summary>Computes the bits of a normalized name, those of all texts within it included; none for one of two letters.</summary>
    public static MediaSignature OfNameText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ulong bits = 0;
        for (var i = 0; i + LettersOfText <= text.Length; i++)
        {
            bits |= 1UL << (int)(Hash(text, i) >> 58);
        }

        return new(0, 0, (long)bits, 0, 0);
    }

    /// <summary>Computes the bits of another normalized text, those of all texts within it included; none for one of two letters.</summary>
    public static MediaSignature OfText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ulong low = 0, high = 0;
        for (var i = 0; i + LettersOfText <= text.Length; i++)
        {
            var bit = (int)(Hash(text, i) >> 57);
            low |= bit < 64 ? 1UL << bit : 0;
            high |= bit < 64 ? 0 : 1UL << bit;
        }

        return new(0, 0, 0, (long)low, (long)high);
    }

    public static MediaSignature operator |(MediaSignature left, MediaSignature right) => new(
        left.TermsLow | right.TermsLow, left.TermsHigh | right.TermsHigh, left.NameText | right.NameText, left.TextLow | right.TextLow,
        left.TextHigh | right.TextHigh);

    public static MediaSignature BitwiseOr(MediaSignature left, MediaSignature right) => left | right;

    private static ulong Hash(string text, int start) =>
        (((ulong)text[start] << 32) | ((ulong)text[start + 1] << 16) | text[start + 2]) * 0x9E3779B97F4A7C15;

    private static MediaSignature OfTerm(char sort, string term)
    {
        var hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(sort + term));
        ulong low = 0, high = 0;
        for (var i = 0; i < BitsOfTerm; i++, hash >>= 7)
        {
            var bit = (int)(hash & 127);
            low |= bit < 64 ? 1UL << bit : 0;
            high |= bit < 64 ? 0 : 1UL << bit;
        }

        return new((long)low, (long)high, 0, 0, 0);
    }
}
