using System.Text;
using System.Text.Json;
using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>
/// A request of a suite of test vectors, signed in its header or in its query, with the intermediate results of its signature.
/// </summary>
/// <remarks>
/// The format is that of https://github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite: one directory for each request.
/// </remarks>
internal sealed class SigningVector
{
    private readonly string _directory;
    private readonly string _form;
    private readonly JsonElement _context;
    private readonly RequestToVerify _request;
    private readonly byte[] _body;

    private SigningVector(string directory, string form)
    {
        _directory = directory;
        _form = form;
        using var context = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "context.json")));
        _context = context.RootElement.Clone();
        (_request, _body) = ParseRequest(Read("signed-request"));
    }

    public string Name => $"{Path.GetFileName(_directory)}, {_form}";

    private bool IsInQuery => _form == "query";

    private string CanonicalText => Read("canonical-request");

    public static IEnumerable<SigningVector> ReadAll(string suite) =>
        Directory.EnumerateDirectories(suite).Order(StringComparer.Ordinal)
            .SelectMany(directory => new[] { new SigningVector(directory, "header"), new SigningVector(directory, "query") });

    /// <summary>Explains why a vector does not apply to S3; <see langword="null"/> when its result must match the suite.</summary>
    public string? NotApplicable()
    {
        var segments = _request.RawPath.Split('/').AsSpan(1);
        if (Flag("normalize") && (segments.Contains(".") || segments.Contains("..") || segments[..^1].Contains("")))
        {
            return "the path is normalised, which S3 forbids: a//b and a/./b are keys";
        }

        return IsInQuery && Flag("omit_session_token")
            ? "a session token is added to the query after it was signed; S3 wants it signed, and this server issues no session tokens"
            : null;
    }

    /// <summary>Signs the request as the server does when it verifies one.</summary>
    /// <returns>The first difference from the suite; <see langword="null"/> when the two agree.</returns>
    public string? Check()
    {
        var query = RequestQuery.Parse(_request.RawQuery);
        var names = AuthorizationHeader.ParseSignedHeaders(
            IsInQuery
                ? query.Get("X-Amz-SignedHeaders")!
                : _request.Headers.Authorization.ToString().Split("SignedHeaders=")[1].Split(',')[0]);
        var excluded = IsInQuery ? PresignedQuery.SignatureParameter : null;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_body));
        var wanted = CanonicalText;
        var canonical = CanonicalRequest.Write(_request, query, names, hash, CanonicalPath.AsSent, excluded);
        if (Encoding.UTF8.GetString(canonical) != wanted)
        {
            canonical = CanonicalRequest.Write(_request, query, names, hash, CanonicalPath.Encoded, excluded);
        }

        var timestamp = _context.GetProperty("timestamp").GetDateTimeOffset();
        var (region, service) = (Text("region"), Text("service"));
        var (time, date) = (SigningTime.Format(timestamp), SigningTime.Format(timestamp)[..8]);
        var stringToSign = RequestAuthenticator.StringToSign(time, $"{date}/{region}/{service}/{SigV4.Terminal}", canonical);
        var secret = _context.GetProperty("credentials").GetProperty("secret_access_key").GetString()!;
        var signature = new byte[SigV4.SignatureLength];
        SigningKey.Derive(secret, date, region, service).Sign(Encoding.UTF8.GetBytes(stringToSign), signature);

        return Differs("canonical request", wanted, Encoding.UTF8.GetString(canonical))
            ?? Differs("string to sign", Read("string-to-sign"), stringToSign)
            ?? Differs("signature", Read("signature").Trim(), Encoding.ASCII.GetString(signature));
    }

    private static string? Differs(string what, string wanted, string found) =>
        wanted == found ? null : $"the {what} is\n{found}\nand not\n{wanted}";

    private static (RequestToVerify Request, byte[] Body) ParseRequest(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // The suite has targets with bare spaces in them.
        var (method, target) = (lines[0][..lines[0].IndexOf(' ', StringComparison.Ordinal)], lines[0][..lines[0].LastIndexOf(' ')]);
        var (path, query) = RequestToVerify.SplitTarget(target[(method.Length + 1)..]);
        var headers = new List<(string Name, string Value)>();
        foreach (var line in lines[1..])
        {
            if (line[0] is ' ' or '\t')
            {
                headers[^1] = (headers[^1].Name, headers[^1].Value + "\n" + line);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..]));
        }

        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary.Append(name, value);
        }

        return (new(method, path, query, dictionary), Encoding.UTF8.GetBytes(end < 0 ? "" : text[(end + 2)..]));
    }

    private string Text(string property) => _context.GetProperty(property).GetString()!;

    private bool Flag(string property) => _context.TryGetProperty(property, out var value) && value.GetBoolean();

    private string Read(string file) =>
        File.ReadAllText(Path.Combine(_directory, $"{_form}-{file}.txt")).Replace("\r\n", "\n", StringComparison.Ordinal);
}
