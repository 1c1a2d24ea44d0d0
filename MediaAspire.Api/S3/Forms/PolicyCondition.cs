using System.Text.Encodings.Web;
using System.Text.Json;

namespace MediaAspire.Api.S3.Forms;

/// <summary>What a policy demands of a form's field.</summary>
/// <param name="Operator">How the value is compared.</param>
/// <param name="Field">The field's name, without the dollar sign, as the policy has it; case does not tell fields apart.</param>
/// <param name="Value">What the field's value is compared with; case does count.</param>
internal sealed record PolicyCondition(PolicyOperator Operator, string Field, string Value)
{
    public bool Matches(string value) => Operator switch
    {
        PolicyOperator.Equal => value == Value,

        // The one field that may be a list: each of its types has to be one that the policy allows.
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
