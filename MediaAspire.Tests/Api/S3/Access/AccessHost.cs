using System.Text;

namespace MediaAspire.Tests.Api.S3.Access;

/// <summary>Requests of the access control tests: alice's bucket "first", and other users who try to use it.</summary>
internal static class AccessHost
{
    public const string Other = "bob";

    public static Task<HttpResponseMessage> AsAsync(
        this S3TestHost host,
        string? sender,
        HttpMethod method,
        string target,
        string? body = null,
        params (string Name, string Value)[] headers) =>
        host.SendAsync(method, target, body is null ? null : Encoding.UTF8.GetBytes(body), sender, headers);

    /// <summary>Sends a request that must succeed.</summary>
    public static async Task DoAsync(
        this S3TestHost host,
        string? sender,
        HttpMethod method,
        string target,
        string? body = null,
        params (string Name, string Value)[] headers)
    {
        using var response = await host.AsAsync(sender, method, target, body, headers);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Sends a request that must be refused.</summary>
    public static async Task RefuseAsync(
        this S3TestHost host,
        string? sender,
        HttpMethod method,
        string target,
        string code,
        string? body = null,
        params (string Name, string Value)[] headers)
    {
        using var response = await host.AsAsync(sender, method, target, body, headers);
        var status = code switch
        {
            "AccessDenied" => 403,
            "NotImplemented" => 501,
            _ when code.StartsWith("NoSuch", StringComparison.Ordinal) || code.EndsWith("NotFoundError", StringComparison.Ordinal) => 404,
            _ => 400,
        };
        await response.AssertErrorAsync(status, code);
    }

    /// <summary>Gets a list as <c>grantee PERMISSION</c>, in its order.</summary>
    public static async Task<string[]> GrantsAsync(this S3TestHost host, string target, string sender = S3TestHost.Owner)
    {
        using var response = await host.AsAsync(sender, HttpMethod.Get, target);
        await response.AssertStatusAsync(200);
        var root = await response.XmlAsync();
        return
        [
            .. root.Descendants().Where(element => element.Name.LocalName == "Grant").Select(grant =>
            {
                string? Text(string name) => grant.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
                return $"{Text("ID") ?? Text("URI")!.Split('/')[^1]} {Text("Permission")}";
            }),
        ];
    }

    public static string Policy(string effect, string action, string resource, string principal = "\"*\"", string condition = "{}") =>
        $$"""
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "{{effect}}", "Principal": {{principal}}, "Action": "{{action}}", "Resource": "arn:aws:s3:::{{resource}}",
                "Condition": {{condition}}}]}
        """;

    public static string AccessControlPolicy(string owner, params string[] grants) =>
        $"""
        <AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <Owner><ID>{owner}</ID></Owner><AccessControlList>{string.Concat(grants)}</AccessControlList></AccessControlPolicy>
        """;

    public static string Grant(string type, string element, string value, string permission) =>
        $"<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"{type}\">"
        + $"<{element}>{value}</{element}></Grantee><Permission>{permission}</Permission></Grant>";
}
