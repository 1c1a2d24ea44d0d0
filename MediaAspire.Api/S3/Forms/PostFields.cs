using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MediaAspire.Api.S3.Forms;

/// <summary>A form's fields before its file, in the order in which they came. Case does not tell names apart.</summary>
internal sealed class PostFields
{
    /// <summary>S3's limit for all names and values together.</summary>
    public const int MaxBytes = 20 * 1024;

    private readonly OrderedDictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Gets how many bytes of names and values there may still be.</summary>
    public int BytesLeft { get; private set; } = MaxBytes;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    /// <exception cref="Protocol.S3Exception">There is one of that name already, or they are too many.</exception>
    public void Add(string name, string value)
    {
        BytesLeft -= Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        if (BytesLeft < 0)
        {
            throw FormErrors.FieldsTooLarge().ToException();
        }

        // Which of the two the policy allowed would be anybody's guess.
        if (!_values.TryAdd(name, value))
        {
            throw FormErrors.RepeatedField(name).ToException();
        }
    }

    /// <exception cref="Protocol.S3Exception">There is none.</exception>
    public string Require(string name) => this[name] ?? throw FormErrors.MissingField(name).ToException();
}
