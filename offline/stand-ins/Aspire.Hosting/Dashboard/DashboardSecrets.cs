using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Makes the keys by which the dashboard, the resources and the AppHost know one another.</summary>
internal static class DashboardSecrets
{
    private const int TokenBytes = 16;

    /// <summary>Adds the keys to the configuration, unless the dashboard is open to everyone.</summary>
    public static void Add(ConfigurationManager configuration)
    {
        if (configuration.GetValue("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", defaultValue: false)
            || configuration.GetValue("DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", defaultValue: false))
        {
            return;
        }

        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AppHost:OtlpApiKey"] = configuration["AppHost:OtlpApiKey"] ?? NewToken(),
            ["AppHost:DashboardApiKey"] = configuration["AppHost:DashboardApiKey"] ?? NewToken(),
            ["AppHost:BrowserToken"] = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"]
                ?? configuration["DOTNET_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? NewToken(),
        });
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
}
