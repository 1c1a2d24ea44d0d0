using Microsoft.AspNetCore.Http;

namespace MediaAspire.ServiceDefaults;

/// <summary>Decides which requests may read the metrics and the details of health. Without an implementation, no request may.</summary>
public interface IDiagnosticsAccess
{
    ValueTask<bool> AllowsAsync(HttpContext context);
}
