using System.Reflection;

namespace MediaAspire.Api.Reference;

/// <summary>The build's run of this program, which ends once the OpenAPI document is written.</summary>
internal static class DocumentGeneration
{
    // The program of Microsoft.Extensions.ApiDescription.Server that loads this one. It replaces the HTTP server with one that does not
    // listen.
    private const string Tool = "GetDocument.Insider";

    // Builds the routes.
    private const string WebHost = "Microsoft.AspNetCore.Hosting.GenericWebHostService";

    /// <summary>Gets a value indicating whether the build runs this program.</summary>
    public static bool IsRunning => Assembly.GetEntryAssembly()?.GetName().Name == Tool;

    /// <summary>Adds the settings without which the program does not start, and keeps it from looking for a database.</summary>
    public static void Prepare(IHostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:media", "Host=localhost;Port=1"),
            new("ConnectionStrings:redis", "localhost:1"),
            new("ConnectionStrings:s3", "Endpoint=http://localhost:1;AccessKey=a;SecretKey=b;Bucket=media"),
            new("Cluster:Token", new string('0', 32)),
            new("S3:SecretsKey", Convert.ToBase64String(new byte[32])),
        ]);

        // Runs when the host is built, after everything has been registered.
        builder.ConfigureContainer(new DefaultServiceProviderFactory(), services =>
        {
            foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
            {
                if (service.ImplementationType?.FullName != WebHost)
                {
                    services.Remove(service);
                }
            }
        });
    }
}
