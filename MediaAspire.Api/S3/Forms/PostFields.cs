using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MediaAspire.Api.S3.Forms;

/// <summary>The fields of a form before its file, in their order. The case of names is ignored.</summary>
internal sealed class PostFields
{
    /// <summary>The limit of S3 for all names and values together, in bytes.</summary>
    public const int MaxBytes = 20 * 1024;

    private readonly OrderedDictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Gets the number of bytes that further names and values may have.</summary>
    public int BytesLeft { get; private set; } = MaxBytes;

    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    /// <exception cref="Protocol.S3Exception">The name is repeated, or the fields are too large.</exception>
    public void Add(string name, string value)
    {
        BytesLeft -= Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        if (BytesLeft < 0)
        {
            throw FormErrors.FieldsTooLarge().ToException();
        }

        // It would be unclear which of the two the policy allows.
        if (!_values.TryAdd(name, value))
        {
            throw FormErrors.RepeatedField(name).ToException();
        }
    }

    /// <exception cref="Protocol.S3Exception">The field is missing.</exception>
    public string Require(string name) => this[name] ?? throw FormErrors.MissingField(name).ToException();
}
