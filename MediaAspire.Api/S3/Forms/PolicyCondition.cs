using System.Text.Encodings.Web;
using System.Text.Json;

namespace MediaAspire.Api.S3.Forms;

/// <summary>A condition of a policy on a field of the form.</summary>
/// <param name="Operator">The comparison.</param>
/// <param name="Field">The name of the field, without the dollar sign, as in the policy; case is ignored.</param>
/// <param name="Value">The value to compare with; case is significant.</param>
internal sealed record PolicyCondition(PolicyOperator Operator, string Field, string Value)
{
    public bool Matches(string value) => Operator switch
    {
        PolicyOperator.Equal => value == Value,

        // The only field that may be a list: the policy must allow each of its types.
        _ when Field.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) =>
            value.Split(',', StringSplitOptions.TrimEntries).All(type => type.StartsWith(Value, StringComparison.Ordinal)),
        _ => value.StartsWith(Value, StringComparison.Ordinal),
    };

    /// <example><c>["eq", "$bucket", "x"]</c></example>
    public override string ToString() =>
        $"[\"{(Operator == PolicyOperator.Equal ? "eq" : "starts-with")}\", \"${Escape(Field)}\", \"{Escape(Value)}\"]";

    private static JsonEncodedText Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}

internal enum PolicyOperator
{
    Equal,
    StartsWith,
}
