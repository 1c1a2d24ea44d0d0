using MediaAspire.Api.S3;
using MediaAspire.Api.S3.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Protocol;

/// <summary>Holds every operation to the router's rule, so that an operation added later is held to it too.</summary>
public sealed class S3RouterTests
{
    private static readonly IReadOnlyList<S3Operation> s_operations = Operations();

    private readonly S3Router _router = new(s_operations);

    public static TheoryData<string> Names => [.. s_operations.Select(operation => $"{operation.Scope}.{operation.Name}").Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_OwnQuery_FindsTheOperation(string name)
    {
        var operation = Operation(name);

        Assert.Same(operation, _router.Find(Request(operation, [.. operation.Parameters])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_UndeclaredSubresourceOrParameter_IsNotTheOperation(string name)
    {
        var operation = Operation(name);
        var names = s_operations.SelectMany(other => other.Parameters.Append(other.Subresource)).OfType<string>().Distinct();

        foreach (var undeclared in names.Concat(["torrent", "append"]).Where(parameter => !operation.Declares(parameter)))
        {
            var request = Request(operation, undeclared);
            if (operation.IgnoresQuery)
            {
                Assert.Same(operation, _router.Find(request));
                continue;
            }

            S3Operation? found = null;
            var refused = Record.Exception(() => found = _router.Find(request)) as S3Exception;
            if (refused is null)
            {
                // The parameter names another operation, which is found instead.
                Assert.NotNull(found);
                Assert.NotSame(operation, found);
                Assert.Null(operation.Subresource);
                Assert.Equal(undeclared, found.Subresource);
            }
            else
            {
                Assert.Contains(refused.Error.Code, (string[])["InvalidArgument", "NotImplemented"]);
            }
        }
    }

    private static S3Operation Operation(string name) => s_operations.First(operation => $"{operation.Scope}.{operation.Name}" == name);

    private static S3Request Request(S3Operation operation, params string[] parameters)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = operation.Method;
        if (operation.Header is { } header)
        {
            http.Request.Headers[header] = "value";
        }

        var query = parameters.Select(parameter => $"{parameter}=1").Append(operation.Subresource);
        if (operation.Argument is { } argument)
        {
            query = query.Append($"{argument.Name}={argument.Value}");
        }

        http.Request.QueryString = new("?" + string.Join('&', query.OfType<string>()));
        return new(http, "id", new(operation.Scope == S3Scope.Service ? null : "bucket", operation.Scope == S3Scope.Object ? "key" : null));
    }

    private static IReadOnlyList<S3Operation> Operations()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.AddS3();
        return [.. builder.Services.Select(service => service.ImplementationInstance).OfType<S3Operation>()];
    }
}
