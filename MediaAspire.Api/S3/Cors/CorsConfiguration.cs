using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Cors;

/// <summary>The CORS rules of a bucket: which pages of other origins may use it, and how.</summary>
internal sealed record CorsConfiguration(IReadOnlyList<CorsRule> Rules)
{
    private const int MaxRules = 100;

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Put, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete];

    /// <exception cref="S3Exception">The document is malformed.</exception>
    public static CorsConfiguration Read(XElement root)
    {
        var rules = root.Name.LocalName == "CORSConfiguration" ? root.Named("CORSRule").Select(ReadRule).ToList() : [];
        return rules.Count is > 0 and <= MaxRules ? new(rules) : throw S3Errors.MalformedXml().ToException();
    }

    /// <summary>Parses rules as <see cref="ToJson"/> wrote them.</summary>
    public static CorsConfiguration Parse(string json) => JsonSerializer.Deserialize<CorsConfiguration>(json)!;

    public string ToJson() => JsonSerializer.Serialize(this);

    public void Write(XmlWriter xml)
    {
        foreach (var rule in Rules)
        {
            xml.Element("CORSRule", element =>
            {
                if (rule.Id is not null)
                {
                    element.Element("ID", rule.Id);
                }

                WriteAll(element, "AllowedOrigin", rule.Origins);
                WriteAll(element, "AllowedMethod", rule.Methods);
                WriteAll(element, "AllowedHeader", rule.Headers);
                WriteAll(element, "ExposeHeader", rule.ExposedHeaders);
                if (rule.MaxAgeSeconds is { } seconds)
                {
                    element.Element("MaxAgeSeconds", seconds);
                }
            });
        }
    }

    /// <summary>Finds the first rule for a page's origin, method and headers.</summary>
    public CorsRule? Find(string origin, string method, IReadOnlyCollection<string> headers) =>
        Rules.FirstOrDefault(rule => rule.Methods.Contains(method)
            && rule.Origins.Any(pattern => Matches(pattern, origin, StringComparison.Ordinal))
            && headers.All(header => rule.Headers.Any(pattern => Matches(pattern, header, StringComparison.OrdinalIgnoreCase))));

    // One star stands for any characters.
    private static bool Matches(string pattern, string text, StringComparison comparison)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? pattern.Equals(text, comparison)
            : text.Length >= pattern.Length - 1
                && text.AsSpan().StartsWith(pattern.AsSpan(0, star), comparison)
                && text.AsSpan().EndsWith(pattern.AsSpan(star + 1), comparison);
    }

    private static CorsRule ReadRule(XElement rule)
    {
        var methods = All(rule, "AllowedMethod");
        var origins = All(rule, "AllowedOrigin");
        var headers = All(rule, "AllowedHeader");
        if (methods.Count == 0 || origins.Count == 0 || origins.Concat(headers).Any(pattern => pattern.Count(letter => letter == '*') > 1))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        if (methods.FirstOrDefault(method => !s_methods.Contains(method)) is { } unknown)
        {
            throw S3Errors.InvalidRequest($"Found unsupported HTTP method in CORS config. Unsupported method is {unknown}").ToException();
        }

        int? maxAge = rule.Text("MaxAgeSeconds") switch
        {
            null => null,
            { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) => seconds,
            _ => throw S3Errors.MalformedXml().ToException(),
        };
        return new(rule.Text("ID"), origins, methods, headers, All(rule, "ExposeHeader"), maxAge);
    }

    private static List<string> All(XElement rule, string name) => [.. rule.Named(name).Select(element => element.Value)];

    private static void WriteAll(XmlWriter xml, string name, IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            xml.Element(name, text);
        }
    }
}

/// <param name="Id">The display name.</param>
/// <param name="Origins">Patterns of origins, each with at most one star.</param>
/// <param name="Methods">HTTP methods.</param>
/// <param name="Headers">Patterns of the headers that a page may send.</param>
/// <param name="ExposedHeaders">The response headers that a page may read.</param>
/// <param name="MaxAgeSeconds">The time for which a browser may cache the response to a preflight request.</param>
internal sealed record CorsRule(
    string? Id,
    IReadOnlyList<string> Origins,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Headers,
    IReadOnlyList<string> ExposedHeaders,
    int? MaxAgeSeconds);
