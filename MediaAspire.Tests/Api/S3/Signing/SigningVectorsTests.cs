using System.Text;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>
/// Suites of test vectors that are not part of this repository: <c>eng/sigv4-vectors.sh</c> names the directory of the official one in
/// <c>SIGV4_VECTORS</c> and the file for the results in <c>SIGV4_REPORT</c>. Without it, the tests' client makes the vectors.
/// </summary>
public sealed class SigningVectorsTests
{
    [Fact]
    public void Every_vector_that_applies_comes_out_as_the_suite_has_it()
    {
        using var own = new TemporaryDirectory();
        var suite = Environment.GetEnvironmentVariable("SIGV4_VECTORS");
        if (suite is null)
        {
            Write(own.Path, "vanilla", "/", normalize: true);
            Write(own.Path, "dots", "/a/./b//c", normalize: false);
            Write(own.Path, "normalised", "/a/./b", normalize: true, signed: "/a/b");
        }

        var outcomes = SigningVector.ReadAll(suite ?? own.Path).Select(Outcome).ToList();
        if (Environment.GetEnvironmentVariable("SIGV4_REPORT") is { } report)
        {
            var lines = outcomes.Select(outcome => $"{outcome.Kind}\t{outcome.Name}\t{outcome.Reason?.ReplaceLineEndings(" | ")}");
            File.WriteAllLines(report, lines);
        }

        Assert.Empty(outcomes.Where(outcome => outcome.Kind == "failed").Select(outcome => $"{outcome.Name}: {outcome.Reason}"));
        Assert.True(outcomes.Count(outcome => outcome.Kind == "passed") >= 4, "The directory has hardly any vectors.");
        if (suite is null)
        {
            Assert.Equal(4, outcomes.Count(outcome => outcome.Kind == "passed"));
            Assert.Equal(2, outcomes.Count(outcome => outcome.Kind == "not applicable"));
        }
    }

    [Fact]
    public void A_vector_that_comes_out_otherwise_has_failed()
    {
        using var own = new TemporaryDirectory();
        Write(own.Path, "vanilla", "/", normalize: true);
        foreach (var file in new[] { "signature", "string-to-sign", "canonical-request" })
        {
            var path = Path.Combine(own.Path, "vanilla", $"query-{file}.txt");
            File.WriteAllText(path, File.ReadAllText(path).Replace('e', 'f'));

            var outcomes = SigningVector.ReadAll(own.Path).Select(Outcome).ToList();

            Assert.Equal(["passed", "failed"], outcomes.Select(outcome => outcome.Kind));
            Assert.Contains(file.Replace('-', ' '), outcomes[1].Reason, StringComparison.Ordinal);
        }
    }

    private static (string Kind, string Name, string? Reason) Outcome(SigningVector vector) =>
        vector.NotApplicable() is { } reason ? ("not applicable", vector.Name, reason)
        : vector.Check() is { } fault ? ("failed", vector.Name, fault)
        : ("passed", vector.Name, null);

    /// <summary>Writes a vector in the format of the official suite, signed by the tests' client.</summary>
    private static void Write(string suite, string name, string path, bool normalize, string? signed = null)
    {
        const string Time = "20150830T123600Z";
        var directory = Directory.CreateDirectory(Path.Combine(suite, name)).FullName;
        var client = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, Time, service: "service");
        File.WriteAllText(
            Path.Combine(directory, "context.json"),
            $$"""
            {
              "credentials": { "access_key_id": "{{ClientSigner.KeyId}}", "secret_access_key": "{{ClientSigner.Secret}}" },
              "normalize": {{(normalize ? "true" : "false")}},
              "region": "us-east-1", "service": "service", "timestamp": "2015-08-30T12:36:00Z"
            }
            """);
        foreach (var (form, request) in new[]
        {
            ("header", client.Sign("GET", signed ?? path, [("b", "2"), ("a", "1")], [("My-Header", "a  b")], SigV4.EmptySha256)),
            ("query", client.Presign("GET", signed ?? path, [("b", "2"), ("a", "1")], [("My-Header", "a  b")], "60", SigV4.EmptySha256)),
        })
        {
            var text = new StringBuilder($"GET {path}?{request.RawQuery} HTTP/1.1\n");
            foreach (var (header, value) in request.Headers)
            {
                text.Append($"{header}:{value}\n");
            }

            var query = RequestQuery.Parse(request.RawQuery);
            var authorization = request.Headers.Authorization.ToString();
            var names = form == "query" ? query.Get("X-Amz-SignedHeaders")! : authorization.Split("SignedHeaders=")[1].Split(',')[0];
            var signature = form == "query" ? query.Get("X-Amz-Signature")! : ClientSigner.SignatureOf(request);
            var canonical = Encoding.UTF8.GetString(CanonicalRequest.Write(
                request,
                query,
                AuthorizationHeader.ParseSignedHeaders(names),
                SigV4.EmptySha256,
                CanonicalPath.AsSent,
                form == "query" ? "X-Amz-Signature" : null));
            File.WriteAllText(Path.Combine(directory, $"{form}-signed-request.txt"), text.Append('\n').ToString());
            File.WriteAllText(Path.Combine(directory, $"{form}-canonical-request.txt"), canonical);
            File.WriteAllText(
                Path.Combine(directory, $"{form}-string-to-sign.txt"),
                $"AWS4-HMAC-SHA256\n{Time}\n20150830/us-east-1/service/aws4_request\n{ClientSigner.HexSha256(canonical)}");
            File.WriteAllText(Path.Combine(directory, $"{form}-signature.txt"), signature);
        }
    }
}
